import { actorsOf, colour } from "../actors.ts";
import { visible } from "../text.ts";

/** Named colours the actors that a text begins with, or ends with as in "crash s1". */
export function Named({ text, names }: { text: string; names: string[] }) {
	const found = actorsOf(text, names);
	if (found.length === 0) return <span dir="ltr">{ended(text, names)}</span>;
	const [a, b] = found as [number, number | undefined];
	const rest = b === undefined ? text.slice(names[a]!.length) : text.slice(`${names[a]} -> ${names[b]}`.length);
	return (
		<span dir="ltr">
			<Name name={names[a]!} i={a} />
			{b !== undefined && <> → <Name name={names[b]!} i={b} /></>}
			{" "}<bdi>{visible(rest.replace(/^(?:: | )/, ""))}</bdi>
		</span>
	);
}

function ended(text: string, names: string[]) {
	const last = names.findIndex((n) => text.endsWith(" " + n));
	if (last < 0) return <bdi>{visible(text)}</bdi>;
	return <><bdi>{visible(text.slice(0, -names[last]!.length - 1))}</bdi> <Name name={names[last]!} i={last} /></>;
}

/** Name is an actor in its colour; its direction does not turn the text around it. */
function Name({ name, i }: { name: string; i: number }) {
	return <b class={colour(i)}><bdi>{visible(name)}</bdi></b>;
}
