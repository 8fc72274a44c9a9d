import { useEffect, useMemo } from "preact/hooks";
import { plural, px } from "../format.ts";
import { changed, spans, type Span } from "../follow.ts";
import { useBox, usePicked, useStore } from "../hooks.ts";
import { chunk, type Steps } from "../store.ts";
import { at as partAt } from "../parts.ts";
import { shorten, visible } from "../text.ts";
import { brief } from "../tree.ts";

/** maxFollowed is up to which length all steps of a path are loaded to follow a part. */
const maxFollowed = 5000;

/** Follow draws the parts that are followed: a strip each, from the first state to the last. */
export function Follow() {
	const { pins, steps } = usePicked("pins", "steps");
	const store = useStore();
	useEffect(() => {
		for (let i = 1; i <= Math.min(steps.length, maxFollowed); i += chunk) void store.load(i);
	}, [steps.length]);
	return (
		<div class="follow" role="group" aria-label="Followed parts">
			{pins.map((part) => <Strip key={part} part={part} steps={steps} />)}
		</div>
	);
}

function Strip({ part, steps }: { part: string; steps: Steps }) {
	const { at, state } = usePicked("at", "state");
	const store = useStore();
	const box = useBox();
	const json = state ? partAt(state.tree, part) : undefined;
	const now = state && state.depth === at ? (json === undefined ? "absent" : brief(json)) : null;
	const all = useMemo(() => spans(steps.steps, steps.length, part, at, now), [steps, part, at, now]);
	const times = useMemo(() => changed(steps.steps, part), [steps, part]);
	const scale = box.width / (steps.length + 1);
	const drawn = all.length > 400 ? thinned(all, scale) : all;
	return (
		<div class="strip">
			<div class="line">
				<code title={part}>{visible(part)}</code>
				<b>{now ?? "…"}</b>
				<span class="muted">{plural(times.length, "change")}</span>
				<span class="spring" />
				<button class="link" onClick={() => store.pin(part)} aria-label={`Follow ${part} no more`}>✕</button>
			</div>
			<div class="track" ref={box.ref}>
				{drawn.map((s) => (
					<button
						key={s.from}
						tabIndex={-1}
						class={`span ${s.from <= at && at <= s.to ? "selected" : ""}`}
						style={{ left: px(s.from * scale), width: px(Math.max(2, (s.to - s.from + 1) * scale - 1)) }}
						title={`${s.value ?? "not loaded"}, from state ${s.from} to ${s.to}`}
						onClick={() => void store.select(s.from)}
					>
						{(s.to - s.from + 1) * scale > 18 ? shorten(s.value ?? "·", (s.to - s.from + 1) * scale - 8) : ""}
					</button>
				))}
				<span class="needle" style={{ left: px((at + 0.5) * scale) }} />
			</div>
		</div>
	);
}

/** thinned leaves out what would lie within the same two pixels. */
function thinned(all: Span[], scale: number): Span[] {
	const out: Span[] = [];
	let from = -1;
	for (const s of all) {
		const x = Math.floor((s.from * scale) / 2);
		if (x !== from) out.push(s);
		from = x;
	}
	return out;
}
