import { createContext } from "preact";
import { useContext, useEffect, useLayoutEffect, useReducer, useRef, useState } from "preact/hooks";
import type { Snapshot, Store } from "./store.ts";

export const Shared = createContext<Store | null>(null);

export function useStore(): Store {
	const store = useContext(Shared);
	if (!store) throw new Error("no store");
	return store;
}

/** usePicked returns what is selected now, and draws again when one of the named parts changes. */
export function usePicked<K extends keyof Snapshot>(...parts: K[]): Pick<Snapshot, K> {
	const store = useStore();
	const [, again] = useReducer((n: number) => n + 1, 0);
	const drawn = useRef(store.get());
	drawn.current = store.get();
	useEffect(() => {
		const look = (): void => {
			const [was, now] = [drawn.current, store.get()];
			if (parts.some((p) => was[p] !== now[p])) again(0);
		};
		look(); // what changed between drawing and listening
		return store.subscribe(look);
	}, [store]);
	return drawn.current;
}

/** Box is a scrolled element, once it is there, with its size and how far it was scrolled. */
export interface Box {
	ref: (element: HTMLElement | null) => void;
	element: HTMLElement | null;
	width: number;
	height: number;
	top: number;
	left: number;
}

/** useBox follows the size and the scrolling of an element. */
export function useBox(): Box {
	const [element, ref] = useState<HTMLElement | null>(null);
	const [size, setSize] = useState({ width: 0, height: 0 });
	const [place, setPlace] = useState({ top: 0, left: 0 });
	useLayoutEffect(() => {
		if (!element) return;
		const measure = (): void => setSize({ width: element.clientWidth, height: element.clientHeight });
		const moved = (): void => setPlace({ top: element.scrollTop, left: element.scrollLeft });
		measure();
		moved();
		const observer = new ResizeObserver(measure);
		observer.observe(element);
		element.addEventListener("scroll", moved, { passive: true });
		return () => {
			observer.disconnect();
			element.removeEventListener("scroll", moved);
		};
	}, [element]);
	return { ref, element, ...size, ...place };
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

/** useKept is a state that the browser remembers. */
export function useKept<T>(name: string, first: T): [T, (v: T) => void] {
	const [value, set] = useState<T>(() => {
		try {
			const text = localStorage.getItem(name);
			return text === null ? first : (JSON.parse(text) as T);
		} catch {
			return first;
		}
	});
	return [value, (v: T) => {
		set(v);
		try {
			localStorage.setItem(name, JSON.stringify(v));
		} catch {
			// a saved page may not remember
		}
	}];
}
