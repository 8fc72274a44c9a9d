// Parts of a state by their path. Pure functions.
import type { Json } from "./api.ts";

/** split returns the keys of a path such as actors["s-1"].Log[2]. */
export function split(path: string): string[] {
	const out: string[] = [];
	const token = /\.?([\p{L}_][\p{L}\p{N}_]*)|\["((?:[^"\\]|\\.)*)"\]|\[(\d+)\]/uy;
	while (token.lastIndex < path.length) {
		const m = token.exec(path);
		if (!m) break;
		out.push(m[1] ?? (m[2] !== undefined ? (JSON.parse(`"${m[2]}"`) as string) : m[3]!));
	}
	return out[0] === "state" && path.startsWith("state[") ? out.slice(1) : out;
}

/** at returns a part of a state; undefined if the state has none there. */
export function at(state: Json, path: string): Json | undefined {
	let now: Json | undefined = state;
	for (const key of split(path)) {
		if (typeof now !== "object" || now === null) return undefined;
		now = Array.isArray(now) ? now[Number(key)] : now[key];
	}
	return now;
}
