import { actorsOf, colour } from "../actors.ts";
import { visible } from "../text.ts";

/** Named colours the actors that a text begins with, or ends with as in "crash s1". */
export function Named({ text, names }: { text: string; names: string[] }) {
	const found = actorsOf(text, names);
	if (found.length === 0) return <bdi>{ended(text, names)}</bdi>;
	const [a, b] = found as [number, number | undefined];
	const rest = b === undefined ? text.slice(names[a]!.length) : text.slice(`${names[a]} -> ${names[b]}`.length);
	return (
		<bdi>
			<b class={colour(a)}>{visible(names[a]!)}</b>
			{b !== undefined && <> → <b class={colour(b)}>{visible(names[b]!)}</b></>}
			{visible(rest.replace(/^: /, "  "))}
		</bdi>
	);
}

function ended(text: string, names: string[]) {
	const last = names.findIndex((n) => text.endsWith(" " + n));
	if (last < 0) return visible(text);
	return <>{visible(text.slice(0, -names[last]!.length))}<b class={colour(last)}>{visible(names[last]!)}</b></>;
}
