import { actorsOf, colour } from "../actors.ts";
import { ordered, type Next } from "../api.ts";
import { useSnapshot, useStore } from "../hooks.ts";
import * as paths from "../path.ts";

export function NextPanel() {
	const { state, model, status, path } = useSnapshot();
	const store = useStore();
	const next = state?.next ?? [];
	const kinds = new Map<string, Next[]>();
	for (const a of status?.actions ?? []) kinds.set(a.name, []);
	for (const n of next) kinds.set(n.name, [...(kinds.get(n.name) ?? []), n]);
	const keyOf = new Map(ordered(next).map((n, i) => [n.index, i + 1]));
	const enabled = next.filter((n) => n.effect).length;
	return (
		<section class="panel next" aria-label="Next actions">
			<h2>
				Next <span class="muted">{enabled === 0 && state ? "nothing is enabled: the run ends" : `${enabled} enabled`}</span>
			</h2>
			<ul>
				{[...kinds].sort(([a], [b]) => a.localeCompare(b)).map(([name, list]) => (
					<li key={name} class={list.length === 0 ? "kind disabled" : "kind"}>
						<div class="name">{name}</div>
						{list.map((n) => {
							const taken = n.path !== undefined && paths.startsWith(path, n.path);
							const key = keyOf.get(n.index);
							return (
								<button
									key={n.index}
									class={`action ${n.effect ? "" : "ignored"} ${taken ? "taken" : ""}`}
									disabled={!n.path}
									title={hint(n)}
									onClick={() => void store.take(n)}
								>
									<kbd>{key !== undefined && key <= 9 ? key : ""}</kbd>
									<span class="text"><Named text={n.text} names={model?.actors ?? []} /></span>
									{n.selfLoop && n.effect && <span class="tag">changes nothing</span>}
									{!n.effect && !n.error && <span class="tag">ignored</span>}
									{n.effect && !n.within && <span class="tag">outside</span>}
									{n.error && <span class="tag bad">fails</span>}
									{n.visited && !taken && <span class="tag">seen</span>}
									{taken && <span class="tag on">taken</span>}
								</button>
							);
						})}
					</li>
				))}
			</ul>
		</section>
	);
}

function hint(n: Next): string {
	if (n.error) return n.error;
	if (!n.effect) return "The model ignores this action here: " + n.text;
	if (!n.within) return "The step leaves the boundary of the model: " + n.text;
	return n.text;
}

/** Named colours the actors that a text begins with. */
export function Named({ text, names }: { text: string; names: string[] }) {
	const found = actorsOf(text, names);
	if (found.length === 0) return <>{text}</>;
	const [a, b] = found as [number, number | undefined];
	const rest = b === undefined ? text.slice(names[a]!.length) : text.slice(`${names[a]} -> ${names[b]}`.length);
	return (
		<>
			<b class={colour(a)}>{names[a]}</b>
			{b !== undefined && <> → <b class={colour(b)}>{names[b]}</b></>}
			{rest}
		</>
	);
}
