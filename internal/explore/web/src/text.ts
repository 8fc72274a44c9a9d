// Text of a model as people can read it. Pure functions.

/** Characters that draw nothing, or turn the direction of what follows. */
const hidden = /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** visible replaces characters that cannot be seen, or change how the rest is read, by signs for them. */
export function visible(text: string): string {
	return text.replace(hidden, (c) => {
		const n = c.charCodeAt(0);
		if (n === 10) return "⏎";
		return `⟨U+${n.toString(16).toUpperCase().padStart(4, "0")}⟩`;
	});
}

/** quoted writes a string in quotes, without escapes. */
export function quoted(text: string): string {
	return `"${visible(text)}"`;
}

/** events splits a history into its events: "c1 invokes read, c1 returns 1". Null is a text that is none. */
export function events(text: string): string[] | null {
	const all = text.split(/, (?=[^\s,]+ (?:invokes|returns) )/);
	return all.every((e) => /^\S+ (?:invokes|returns) /.test(e)) ? all : null;
}

/** shorten cuts a text to a width in pixels, given the mean width of a character. */
export function shorten(text: string, room: number, character = 6.7): string {
	const n = Math.max(1, Math.floor(room / character));
	return text.length <= n ? text : text.slice(0, n - 1) + "…";
}
