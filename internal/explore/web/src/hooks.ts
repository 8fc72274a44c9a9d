import { createContext } from "preact";
import { useContext, useEffect, useLayoutEffect, useReducer, useState } from "preact/hooks";
import type { Snapshot, Store } from "./store.ts";

export const Shared = createContext<Store | null>(null);

export function useStore(): Store {
	const store = useContext(Shared);
	if (!store) throw new Error("no store");
	return store;
}

/** useSnapshot returns what is selected now, and draws again when it changes. */
export function useSnapshot(): Snapshot {
	const store = useStore();
	const [, again] = useReducer((n: number) => n + 1, 0);
	useEffect(() => store.subscribe(() => again(0)), [store]);
	return store.get();
}

/** Box is a scrolled element, once it is there, with its size and how far it was scrolled. */
export interface Box {
	ref: (element: HTMLElement | null) => void;
	element: HTMLElement | null;
	width: number;
	height: number;
	top: number;
}

/** useBox follows the size and the scrolling of an element. */
export function useBox(): Box {
	const [element, ref] = useState<HTMLElement | null>(null);
	const [size, setSize] = useState({ width: 0, height: 0 });
	const [top, setTop] = useState(0);
	useLayoutEffect(() => {
		if (!element) return;
		const measure = (): void => setSize({ width: element.clientWidth, height: element.clientHeight });
		const moved = (): void => setTop(element.scrollTop);
		measure();
		const observer = new ResizeObserver(measure);
		observer.observe(element);
		element.addEventListener("scroll", moved, { passive: true });
		return () => {
			observer.disconnect();
			element.removeEventListener("scroll", moved);
		};
	}, [element]);
	return { ref, element, ...size, top };
}

/** useReveal scrolls a box so that a row is in view whenever the row changes. */
export function useReveal(box: Box, y: number, height: number, margin: number): void {
	useLayoutEffect(() => {
		const element = box.element;
		if (!element || box.height === 0) return;
		const [top, bottom] = [y - margin, y + height + margin];
		if (top < element.scrollTop) element.scrollTop = Math.max(0, top);
		else if (bottom > element.scrollTop + element.clientHeight) element.scrollTop = bottom - element.clientHeight;
	}, [y, box.element, box.height > 0]);
}
