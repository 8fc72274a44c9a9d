import { useEffect, useState } from "preact/hooks";
import { get, type History } from "../api.ts";
import { colour } from "../actors.ts";
import { px } from "../format.ts";
import { useBox, usePicked, useStore } from "../hooks.ts";
import { shorten, visible } from "../text.ts";

/** The sizes of a drawn history. */
const lane = 38;
const left = 110;
const head = 24;

/** most is how many operations of a client are drawn; of a longer history those around the selected state. */
const most = 4000;

/** HistoryPanel draws what the clients did and saw: a lane for each client, time to the right. */
export function HistoryPanel() {
	const { path } = usePicked("path");
	const [histories, setHistories] = useState<History[] | null>(null);
	const [problem, setProblem] = useState("");
	useEffect(() => {
		if (path === "") return;
		const abort = new AbortController();
		get<{ histories: History[] }>("history", { path }, abort.signal).then(
			(h) => {
				setHistories(h.histories);
				setProblem("");
			},
			(e: unknown) => {
				if (!abort.signal.aborted) setProblem(e instanceof Error ? e.message : String(e));
			},
		);
		return () => abort.abort();
	}, [path]);
	if (problem) return <p class="muted pad">{problem}</p>;
	if (histories?.length === 0) return <p class="muted pad">This model records no history of clients.</p>;
	return <div class="scroll history">{histories?.map((h) => <Drawn key={h.name} h={h} />)}</div>;
}

function Drawn({ h }: { h: History }) {
	const { at, model, steps } = usePicked("at", "model", "steps", "preview");
	const store = useStore();
	const box = useBox();
	const length = steps.length;
	const gap = Math.max(26, (Math.max(box.width, 300) - left - 40) / Math.max(1, length + 0.5));
	const x = (state: number): number => left + 8 + state * gap;
	const height = head + h.clients.length * lane + 6;
	const ops = h.ops.length > most ? h.ops.filter((o) => Math.abs(o.invoked - at) < most / 8) : h.ops;
	return (
		<section class="one" ref={box.ref}>
			<h3>
				{visible(h.name)} <span class={h.conflict ? "bad" : "good"}>{h.conflict ? "✗ broken at the end of this path" : "✓ kept"}</span>
			</h3>
			<div class="across" tabIndex={0} role="region" aria-label={`Operations of ${h.name}`}>
				<svg width={Math.max(box.width - 24, x(length) + 34)} height={height} role="img" aria-label={`Operations of ${h.name}`}>
					<rect class="band selected" x={x(at) - gap / 2} width={gap} y="0" height={height} />
					{h.clients.map((name, i) => {
						const actor = model?.actors.indexOf(name) ?? -1;
						const y = head + i * lane + lane / 2;
						return (
							<g key={name}>
								<line class="rail" x1={left} x2={x(length) + 24} y1={y} y2={y} />
								<text class={`client ${actor >= 0 ? colour(actor) : ""}`} x="4" y={y + 4}>{shorten(visible(name), left - 14)}</text>
							</g>
						);
					})}
					{ops.map((op, i) => {
						const [a, b] = [x(op.invoked), op.returned === null ? x(length) + 22 : x(op.returned)];
						const y = head + op.client * lane + 6;
						const text = visible(op.result === undefined ? op.op : `${op.op} → ${op.result}`);
						return (
							<g key={i} class={`op ${op.returned === null ? "open" : ""}`} onClick={() => void store.select(op.returned ?? op.invoked)}>
								<title>{`${text}${op.returned === null ? " (under way)" : ""}\ninvoked in step ${op.invoked}, returned ${op.returned === null ? "never" : `in step ${op.returned}`}`}</title>
								<rect x={a} y={y} width={Math.max(8, b - a - 2)} height={lane - 12} rx="5" />
								{b - a > 22 && <text x={a + 7} y={y + lane / 2 - 2}>{shorten(text, b - a - 12)}</text>}
							</g>
						);
					})}
					<text class="number" x={x(at)} y="14" text-anchor="middle">{at}</text>
				</svg>
			</div>
			{h.conflict && <pre class="conflict" style={{ maxHeight: px(400) }}>{visible(h.conflict.trim()).replaceAll("⏎", "\n")}</pre>}
		</section>
	);
}
