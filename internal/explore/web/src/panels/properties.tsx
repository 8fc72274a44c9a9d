import { promises, saved, type Verdict } from "../api.ts";
import { plural } from "../format.ts";
import { usePicked, useStore } from "../hooks.ts";
import { visible } from "../text.ts";

const signs: Record<string, string> = { holds: "✓", violated: "✗", inconclusive: "…" };

export function Properties() {
	const { model, status, state } = usePicked("model", "status", "state");
	return (
		<section class="panel properties" aria-label="Properties">
			<h2>Properties</h2>
			<ul class="scroll">
				{model?.properties.map((p) => {
					const v = status?.properties.find((x) => x.name === p.name);
					const verdict = v?.verdict ?? "inconclusive";
					const here = state?.holds.find((h) => h.property === p.name);
					return (
						<li key={p.name} class={`property ${verdict}`}>
							<span class="sign" aria-hidden="true">{signs[verdict] ?? "…"}</span>
							<div>
								<div class="name"><span class="kind">{p.kind}</span> {visible(p.name)}</div>
								<div class="line">
									{(v || !saved()) && <span class="verdict">{verdict === "inconclusive" ? "undecided" : verdict}</span>}
									{v?.path && <Evidence v={v} />}
									{v?.reason && <span class="muted">{v.path ? `there, ${v.reason}` : v.reason}</span>}
								</div>
								<Here kind={p.kind} name={p.name} holds={here?.holds} error={here?.error} />
							</div>
						</li>
					);
				})}
				{model?.properties.length === 0 && <li class="muted pad">The model has no properties.</li>}
			</ul>
		</section>
	);
}

function Evidence({ v }: { v: Verdict }) {
	const store = useStore();
	const word = v.verdict === "violated" ? "counterexample" : "witness";
	if (saved()) return <span class="muted">{word}, {plural(v.steps ?? 0, "step")}</span>;
	return (
		<button class="link" onClick={() => void store.open(v.path!, { title: `${word}: ${v.name}` })}>
			{word}, {plural(v.steps ?? 0, "step")}
		</button>
	);
}

/** Here says what a property is in the selected state. */
function Here({ kind, name, holds, error }: { kind: string; name: string; holds?: boolean; error?: string }) {
	const store = useStore();
	if (error) return <div class="here breaks">here: {visible(error)}</div>;
	if (holds === undefined) return null;
	const promise = promises.has(kind);
	const word = promise ? (holds ? "kept here" : "broken here") : holds ? "true here" : "not true here";
	return (
		<div class={`here ${promise && !holds ? "breaks" : ""}`}>
			<span>{word}</span>
			{!saved() && <Why name={name} />}
			{promise && !saved() && (
				<button
					class="link quiet"
					title="The shortest way from the selected state to one that breaks it"
					onClick={() => void store.find("", "forward", { breaks: name })}
				>
					find where it breaks
				</button>
			)}
		</div>
	);
}

/** Why asks for the parts of the state that the verdict depends on. */
function Why({ name }: { name: string }) {
	const { reads, whyOf } = usePicked("reads", "whyOf");
	const store = useStore();
	const shown = reads?.property === name;
	return (
		<button
			class={`link quiet ${shown ? "shown" : ""}`} aria-pressed={shown}
			title="Mark the parts of the state that the verdict depends on"
			onClick={() => void store.dependOf(shown && whyOf === "" ? "" : name)}
		>
			{shown ? "why ◆" : "why"}
		</button>
	);
}
