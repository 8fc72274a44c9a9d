import { useSnapshot, useStore } from "../hooks.ts";
import { plural } from "../format.ts";

const signs: Record<string, string> = { holds: "✓", violated: "✗", inconclusive: "…" };

export function Properties() {
	const { model, status, state } = useSnapshot();
	const store = useStore();
	const verdicts = status?.properties ?? [];
	return (
		<section class="panel properties" aria-label="Properties">
			<h2>Properties</h2>
			<ul>
				{model?.properties.map((p) => {
					const v = verdicts.find((x) => x.name === p.name);
					const verdict = v?.verdict ?? "inconclusive";
					const here = state?.holds.find((h) => h.property === p.name);
					return (
						<li key={p.name} class={`property ${verdict}`}>
							<span class="sign" aria-hidden="true">{signs[verdict] ?? "…"}</span>
							<div>
								<div class="name">
									<span class="kind">{p.kind}</span> {p.name}
								</div>
								<div class="line">
									<span class="verdict">{verdict === "inconclusive" ? "undecided" : verdict}</span>
									{v?.path && (
										<button class="link" onClick={() => void store.open(v.path!)}>
											{verdict === "violated" ? "counterexample" : "witness"}, {plural(v.steps ?? 0, "step")}
										</button>
									)}
									{v?.reason && <span class="muted">{v.reason}</span>}
								</div>
								<Here kind={p.kind} name={p.name} holds={here?.holds} error={here?.error} />
							</div>
						</li>
					);
				})}
				{model?.properties.length === 0 && <li class="muted">The model has no properties.</li>}
			</ul>
		</section>
	);
}

/** Here says what a property is in the selected state. */
function Here({ kind, name, holds, error }: { kind: string; name: string; holds?: boolean; error?: string }) {
	const store = useStore();
	if (error) return <div class="here breaks">here: {error}</div>;
	if (holds === undefined) return <div class="here"> </div>;
	const promise = kind === "always" || kind === "step" || kind === "deadlock";
	const word = promise ? (holds ? "kept here" : "broken here") : holds ? "true here" : "not true here";
	return (
		<div class={`here ${promise && !holds ? "breaks" : ""}`}>
			<span>{word}</span>
			{promise && (
				<button
					class="link quiet"
					title="The shortest way from the selected state to one that breaks it"
					onClick={() => void store.find("", "forward", name)}
				>
					find where it breaks
				</button>
			)}
		</div>
	);
}
