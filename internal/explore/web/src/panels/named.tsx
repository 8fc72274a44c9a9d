import { memo } from "preact/compat";
import { colour, parts } from "../actors.ts";
import { visible } from "../text.ts";

/** Named writes the text of a step, with the actors in their colours. A name does not turn the direction of what is around it. */
export const Named = memo(function Named({ text, names }: { text: string; names: string[] }) {
	return (
		<span dir="ltr">
			{parts(text, names).map((p, i) => typeof p === "string"
				? <bdi key={i}>{visible(p)}</bdi>
				: <b key={i} class={colour(p.actor)}><bdi>{visible(names[p.actor]!)}</bdi></b>)}
		</span>
	);
});
