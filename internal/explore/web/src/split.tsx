import { useRef } from "preact/hooks";

interface Props {
	area: string; // name of its place in the grid
	name: string;
	direction: "columns" | "rows";
	before: string; // variable of the track before it
	after: string; // variable of the track after it
	sizes: Record<string, number>; // shares, by variable
	onSizes: (sizes: Record<string, number>) => void;
}

/** least is the smallest track, in pixels. */
const least = 120;

/** Split is a bar between two tracks of a grid, moved by the pointer or by the arrow keys; a double click evens them out. */
export function Split({ area, name, direction, before, after, sizes, onSizes }: Props) {
	const ref = useRef<HTMLDivElement>(null);
	const columns = direction === "columns";
	const [a, b] = [sizes[before]!, sizes[after]!];
	const lengths = (): [number, number] => {
		const grid = getComputedStyle(ref.current!.parentElement!);
		const tracks = (columns ? grid.gridTemplateColumns : grid.gridTemplateRows).split(" ").map(parseFloat);
		const box = ref.current!.getBoundingClientRect();
		const own = ref.current!.parentElement!.getBoundingClientRect();
		const middle = columns ? box.left - own.left + 2 : box.top - own.top + 2;
		let [i, sum] = [0, parseFloat(columns ? grid.paddingLeft : grid.paddingTop)];
		while (i < tracks.length && sum + tracks[i]! < middle) sum += tracks[i++]!;
		return [tracks[i - 1] ?? 1, tracks[i + 1] ?? 1];
	};
	const move = (from: [number, number], by: number): void => {
		const total = from[0] + from[1];
		const first = Math.max(least, Math.min(total - least, from[0] + by)) / total;
		onSizes({ ...sizes, [before]: (a + b) * first, [after]: (a + b) * (1 - first) });
	};
	const drag = (e: PointerEvent & { currentTarget: HTMLDivElement }): void => {
		const bar = e.currentTarget;
		const from = lengths();
		const start = columns ? e.clientX : e.clientY;
		bar.setPointerCapture(e.pointerId);
		const moved = (m: PointerEvent): void => move(from, (columns ? m.clientX : m.clientY) - start);
		const done = (): void => {
			bar.removeEventListener("pointermove", moved);
			bar.removeEventListener("pointerup", done);
			bar.removeEventListener("pointercancel", done);
		};
		bar.addEventListener("pointermove", moved);
		bar.addEventListener("pointerup", done);
		bar.addEventListener("pointercancel", done);
	};
	const key = (e: KeyboardEvent): void => {
		const by = ({ ArrowLeft: -24, ArrowUp: -24, ArrowRight: 24, ArrowDown: 24 } as Record<string, number>)[e.key];
		if (by === undefined) return;
		e.preventDefault();
		e.stopPropagation();
		move(lengths(), by);
	};
	return (
		<div
			ref={ref} class={`split ${direction}`} style={{ gridArea: area }} role="separator" tabIndex={0} aria-label={name}
			aria-orientation={columns ? "vertical" : "horizontal"} aria-valuemin={0} aria-valuemax={100}
			aria-valuenow={Math.round((100 * a) / (a + b))}
			onPointerDown={drag} onKeyDown={key} onDblClick={() => onSizes({ ...sizes, [before]: (a + b) / 2, [after]: (a + b) / 2 })}
		/>
	);
}
