import { useMemo, useState } from "preact/hooks";
import { ordered, saved, taken, type Next } from "../api.ts";
import { usePicked, useStore } from "../hooks.ts";
import * as paths from "../path.ts";
import { visible } from "../text.ts";
import { Named } from "./named.tsx";
import { WhatIf } from "./whatif.tsx";

/** most is how many actions of a kind are listed before the rest is folded. */
const most = 40;

/** NextPanel lists what may happen in the selected state: by kind, and all kinds always at the same place. */
export function NextPanel() {
	const { state, status } = usePicked("state", "status");
	const store = useStore();
	const next = state?.next ?? [];
	const seen = status?.actions;
	const kinds = useMemo(() => {
		const out = new Map<string, Next[]>();
		for (const a of seen ?? []) out.set(a.name, []);
		for (const n of next) (out.get(n.name) ?? out.set(n.name, []).get(n.name)!).push(n);
		return [...out].sort(([a], [b]) => a.localeCompare(b));
	}, [next, seen]);
	const keyOf = useMemo(() => new Map(ordered(next).slice(0, 9).map((n, i) => [n.index, i + 1])), [next]);
	const enabled = next.filter((n) => n.effect).length;
	const off = kinds.filter(([, list]) => list.length === 0);
	return (
		<section class="panel next" aria-label="Next actions" onMouseLeave={() => store.unpeek()}>
			<h2>
				Next <span class="muted">{enabled === 0 && state ? (saved() ? "saved page" : "nothing is enabled: the run ends") : `${enabled} enabled`}</span>
			</h2>
			<div class="scroll">
				{kinds.filter(([, list]) => list.length > 0).map(([name, list]) => (
					<Kind key={name} name={name} list={list} keyOf={keyOf} base={state!.path} />
				))}
				{off.length > 0 && <p class="off"><span>not enabled</span> {off.map(([name]) => <span key={name} class="name">{visible(name)}</span>)}</p>}
				{state && state.suppose.length > 0 && <WhatIf list={state.suppose} next={next} base={state.path} />}
			</div>
		</section>
	);
}

interface KindProps {
	name: string;
	list: Next[];
	keyOf: Map<number, number>;
	base: string; // path of the state
}

function Kind({ name, list, keyOf, base }: KindProps) {
	const { model, path } = usePicked("model", "path");
	const [all, setAll] = useState(false);
	const shown = all ? list : list.slice(0, most);
	return (
		<div class="kind" role="group" aria-label={name}>
			<div class="name">{visible(name)}</div>
			{shown.map((n) => <Action key={n.index} n={n} digit={keyOf.get(n.index)} to={taken(n) ? paths.after(base, String(n.index)) : ""} path={path} names={model?.actors ?? []} />)}
			{shown.length < list.length && <button class="link more" onClick={() => setAll(true)}>{list.length - shown.length} more</button>}
		</div>
	);
}

interface ActionProps {
	n: Next;
	digit: number | undefined;
	to: string; // path with the action; empty if it is no step
	path: string; // that is shown
	names: string[];
}

function Action({ n, digit, to, path, names }: ActionProps) {
	const store = useStore();
	const taken = to !== "" && paths.startsWith(path, to);
	const peek = (): void => void (to && store.peek(to, n.text));
	return (
		<button
			class={`action ${n.effect ? "" : "ignored"} ${taken ? "taken" : ""}`}
			disabled={!to}
			title={hint(n)}
			onClick={() => store.take(to)}
			onMouseEnter={peek} onMouseLeave={() => store.unpeek()} onFocus={peek} onBlur={() => store.unpeek()}
		>
			<kbd>{digit ?? ""}</kbd>
			<span class="text"><Named text={n.text} names={names} /></span>
			{n.selfLoop && n.effect && <span class="tag">changes nothing</span>}
			{!n.effect && !n.error && <span class="tag">ignored</span>}
			{n.effect && !n.within && <span class="tag warn">outside</span>}
			{n.error && <span class="tag bad">fails</span>}
			{n.visited && !taken && <span class="tag">seen</span>}
			{taken && <span class="tag on">taken</span>}
		</button>
	);
}

function hint(n: Next): string {
	const text = visible(n.text);
	if (n.error) return n.error;
	if (!n.effect) return "The model ignores this action here: " + text;
	if (!n.within) return "The step leaves the boundary of the model: " + text;
	return text;
}
