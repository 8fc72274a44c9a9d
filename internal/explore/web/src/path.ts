// Paths in their short form, such as "0:3.1.4", and for a lasso "0:3.1.4@1". Pure functions.

/** steps returns the number of steps of a path. */
export function steps(path: string): number {
	const body = bare(path).split(":")[1] ?? "";
	return body === "" ? 0 : body.split(".").length;
}

/** bare returns a lasso as a path. */
export function bare(path: string): string {
	return path.split("@")[0] ?? "";
}

/** prefix returns the first n steps of a path. */
export function prefix(path: string, n: number): string {
	const [init, body = ""] = bare(path).split(":");
	return `${init}:${body === "" ? "" : body.split(".").slice(0, n).join(".")}`;
}

/** startsWith reports whether a path begins with all steps of another. */
export function startsWith(path: string, other: string): boolean {
	return steps(other) <= steps(path) && prefix(path, steps(other)) === bare(other);
}

/** common returns the number of steps that two paths share at their beginning; -1 if not even the initial state. */
export function common(a: string, b: string): number {
	if (prefix(a, 0) !== prefix(b, 0)) return -1;
	const x = (bare(a).split(":")[1] ?? "").split(".");
	const y = (bare(b).split(":")[1] ?? "").split(".");
	let n = 0;
	while (n < x.length && n < y.length && x[n] !== "" && x[n] === y[n]) n++;
	return n;
}

/** Link is what an address of the page says. */
export interface Link {
	path: string;
	at: number;
	tab: string;
	types: string;
}

/** parseLink reads an address such as /t/0:3.1.4?at=2&tab=graph&m=8c1f. */
export function parseLink(pathname: string, search: string): Link {
	const path = pathname.startsWith("/t/") ? decodeURIComponent(pathname.slice(3)) : "";
	const q = new URLSearchParams(search);
	const at = Number(q.get("at") ?? "NaN");
	return {
		path,
		at: Number.isInteger(at) && at >= 0 ? Math.min(at, steps(path)) : steps(path),
		tab: q.get("tab") ?? "",
		types: q.get("m") ?? "",
	};
}

/** formatLink is the inverse of parseLink. */
export function formatLink(l: Link): string {
	const q = new URLSearchParams();
	if (l.at !== steps(l.path)) q.set("at", String(l.at));
	if (l.tab) q.set("tab", l.tab);
	if (l.types) q.set("m", l.types);
	const text = q.toString();
	return `/t/${l.path}${text ? "?" + text : ""}`;
}
