// The rows of the sequence diagram beside those of the list of steps.
import { px } from "./format.ts";

/** reach is how far apart, in pixels, the tops of two panels that stand side by side may be. */
const reach = 130;

/**
 * align keeps the rows of a drawing at the height of those of a list, and scrolls both together, for as long as the two
 * stand side by side. Where one is below the other, as in narrow windows, no row can be at one height in both. The
 * drawing has its first row below a head; --lead and --extra make room where the other's first row is lower. It
 * returns what ends it.
 */
export function align(list: HTMLElement, drawing: HTMLElement, head: number): () => void {
	let beside = false;
	const measure = (): void => {
		const [a, b] = [list.getBoundingClientRect(), drawing.getBoundingClientRect()];
		const lower = b.top + head - a.top;
		beside = Math.abs(b.top - a.top) < reach && list.dataset["folded"] !== "true";
		const lead = beside ? Math.max(0, lower) : 0;
		list.style.setProperty("--lead", px(lead));
		drawing.style.setProperty("--extra", px(beside ? Math.max(0, -lower) : 0));
		const own = (list.firstElementChild as HTMLElement).offsetHeight + lead - list.clientHeight; // how far it scrolls by itself
		list.style.setProperty("--tail", px(beside ? Math.max(0, drawing.scrollHeight - drawing.clientHeight - own) : 0));
		if (beside && list.scrollTop !== drawing.scrollTop) list.scrollTop = drawing.scrollTop; // there was no room before
	};
	const follow = (leader: HTMLElement, other: HTMLElement) => (): void => {
		if (beside && Math.abs(leader.scrollTop - other.scrollTop) >= 1) other.scrollTop = leader.scrollTop;
	};
	const [down, up] = [follow(list, drawing), follow(drawing, list)];
	list.addEventListener("scroll", down, { passive: true });
	drawing.addEventListener("scroll", up, { passive: true });
	const observer = new ResizeObserver(measure);
	for (const e of [list, drawing, list.firstElementChild, drawing.lastElementChild, document.body]) if (e) observer.observe(e);
	return () => {
		observer.disconnect();
		list.removeEventListener("scroll", down);
		drawing.removeEventListener("scroll", up);
		for (const name of ["--lead", "--tail"]) list.style.removeProperty(name);
	};
}
