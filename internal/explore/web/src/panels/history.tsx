import { useEffect, useState } from "preact/hooks";
import { get, type History } from "../api.ts";
import { colour } from "../actors.ts";
import { px } from "../format.ts";
import { useBox, useSnapshot, useStore } from "../hooks.ts";
import { shorten } from "../sequence.ts";

/** The sizes of a drawn history. */
const lane = 38;
const left = 110;
const head = 24;

/** HistoryPanel draws what the clients did and saw: a lane for each client, time to the right. */
export function HistoryPanel() {
	const { path, steps } = useSnapshot();
	const [histories, setHistories] = useState<History[] | null>(null);
	const [problem, setProblem] = useState("");
	useEffect(() => {
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
	return (
		<div class="scroll history">
			{histories?.map((h) => <Drawn key={h.name} h={h} length={steps.length} />)}
		</div>
	);
}

function Drawn({ h, length }: { h: History; length: number }) {
	const { at, model } = useSnapshot();
	const store = useStore();
	const box = useBox();
	const gap = Math.max(14, (Math.max(box.width, 300) - left - 30) / Math.max(1, length + 0.5));
	const x = (state: number): number => left + state * gap;
	const height = head + h.clients.length * lane + 6;
	return (
		<section class="one" ref={box.ref}>
			<h3>
				{h.name} <span class={h.conflict ? "bad" : "good"}>{h.conflict ? "✗ broken at the end of this path" : "✓ kept"}</span>
			</h3>
			<div class="across">
				<svg width={Math.max(box.width, x(length) + 30)} height={height} role="img" aria-label={`Operations of ${h.name}`}>
					<rect class="band selected" x={x(at) - gap / 2} width={gap} y="0" height={height} />
					{h.clients.map((name, i) => {
						const actor = model?.actors.indexOf(name) ?? -1;
						return (
							<g key={name}>
								<text class={`client ${actor >= 0 ? colour(actor) : ""}`} x="8" y={head + i * lane + lane / 2 + 4}>{shorten(name, left - 14)}</text>
								<line class="rail" x1={left} x2={x(length) + 20} y1={head + i * lane + lane / 2} y2={head + i * lane + lane / 2} />
							</g>
						);
					})}
					{h.ops.map((op, i) => {
						const [a, b] = [x(op.invoked), op.returned === null ? x(length) + 18 : x(op.returned)];
						const y = head + op.client * lane + 6;
						const text = op.result === undefined ? op.op : `${op.op} ${op.result}`;
						return (
							<g key={i} class={`op ${op.returned === null ? "open" : ""}`} onClick={() => void store.select(op.returned ?? op.invoked)}>
								<title>{`${text}${op.returned === null ? " (under way)" : ""}`}</title>
								<rect x={a} y={y} width={Math.max(6, b - a)} height={lane - 12} rx="5" />
								<text x={a + 6} y={y + lane / 2 - 2}>{shorten(text, Math.max(0, b - a - 10))}</text>
							</g>
						);
					})}
					<text class="number" x={x(at)} y="14" text-anchor="middle">{at}</text>
				</svg>
			</div>
			{h.conflict && <pre class="conflict" style={{ maxHeight: px(400) }}>{h.conflict.trim()}</pre>}
		</section>
	);
}
