import { useState } from "preact/hooks";
import { colour } from "../actors.ts";
import { px } from "../format.ts";
import { usePicked, useStore } from "../hooks.ts";
import type { Lane } from "../sequence.ts";
import { visible } from "../text.ts";

interface Props {
	lanes: Lane[];
	width: number;
	left: number;
	view: number;
}

/** Lanes are the heads of the lifelines: dragged to reorder, clicked to select. */
export function Lanes({ lanes, width, left, view }: Props) {
	const { model, order, actor } = usePicked("model", "order", "actor");
	const store = useStore();
	const [dragged, setDragged] = useState<number | null>(null);
	const names = model?.actors ?? [];
	const move = (i: number, to: number): void => {
		const rest = order.filter((x) => x !== i);
		rest.splice(Math.max(0, Math.min(to, rest.length)), 0, i);
		store.lanes(rest);
	};
	const hide = (i: number): void => store.lanes(order.filter((x) => x !== i));
	const key = (e: KeyboardEvent, i: number): void => {
		const k = order.indexOf(i);
		if (e.key === "Delete") hide(i);
		else if (e.shiftKey && e.key === "ArrowLeft") move(i, k - 1);
		else if (e.shiftKey && e.key === "ArrowRight") move(i, k + 1);
		else return;
		e.preventDefault();
		e.stopPropagation();
	};
	return (
		<div class="lanes" style={{ width: px(width) }}>
			{order.map((i) => {
				const x = lanes[i]?.x ?? -1;
				if (x < left - 200 || x > left + view + 200) return null;
				return (
					<span
						key={i} class={`lane ${colour(i)} ${actor === i ? "selected" : ""}`} style={{ left: px(x) }} draggable
						onDragStart={() => setDragged(i)}
						onDragOver={(e) => e.preventDefault()}
						onDrop={() => dragged !== null && move(dragged, order.indexOf(i))}
					>
						<button
							class="name" aria-pressed={actor === i}
							title={`${visible(names[i]!)}: click to select, drag or Shift+arrows to move, Delete to hide`}
							onClick={() => store.selectActor(i)} onKeyDown={(e) => key(e, i)}
						>
							<bdi>{visible(names[i]!)}</bdi>
						</button>
						<button class="hide" tabIndex={-1} title="Hide" aria-label={`Hide ${visible(names[i]!)}`} onClick={() => hide(i)}>×</button>
					</span>
				);
			})}
		</div>
	);
}

/** LaneTools are the buttons of the sequence diagram. */
export function LaneTools() {
	const { model, order, steps, causes } = usePicked("model", "order", "steps", "causes");
	const store = useStore();
	const names = model?.actors ?? [];
	const active = (): void => {
		const seen = new Set<number>();
		for (const r of steps.rows) {
			if (!r) continue;
			if (r.at >= 0) seen.add(r.at);
			if (r.message) seen.add(r.message.from);
		}
		store.lanes(names.map((_, i) => i).filter((i) => seen.has(i)));
	};
	const hidden = names.length - order.length;
	return (
		<div class="tools">
			<button class="quiet" aria-pressed={causes} title="Only what led to the selected step (c)" onClick={() => store.causes(!causes)}>
				causes
			</button>
			{hidden > 0 ? (
				<button class="quiet" onClick={() => store.lanes(names.map((_, i) => i))}>show {hidden} hidden</button>
			) : (
				<button class="quiet" title="Hide lanes without steps" onClick={active}>active</button>
			)}
		</div>
	);
}
