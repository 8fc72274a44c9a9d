import { plural } from "../format.ts";
import { usePicked, useStore } from "../hooks.ts";
import { deciding, meaning, read, short } from "../reads.ts";
import { visible } from "../text.ts";

const signs = { decides: "◆", together: "◈", fails: "!", read: "◇" };

/** most is how many parts are named; the keys reach all. */
const most = 8;

/** Depends lists the parts of the state that the verdict of a property depends on. */
export function Depends() {
	const { reads, jump } = usePicked("reads", "jump");
	const store = useStore();
	if (!reads) return null;
	const parts = deciding(reads.parts);
	const readers = read(reads.parts);
	return (
		<div class="depends" role="group" aria-label="What the verdict depends on">
			<p>
				<b>{visible(reads.property)}</b> {reads.holds ? "holds" : "does not hold"} here
				{parts.length > 0 ? " because of " : ": no single part was found that changes it. "}
				{parts.slice(0, most).map((p) => (
					<button
						key={p.path} class={`part ${jump.part === p.path ? "shown" : ""}`} title={`${meaning(p, reads.property, reads.holds)} (w, W)`}
						onClick={() => store.jumpTo(p.path)}
					>
						<span aria-hidden="true">{signs[p.kind]}</span> {visible(short(p))}
					</button>
				))}
				{parts.length > most && <span class="muted">and {parts.length - most} more. </span>}
				{reads.exact && (
					<span class="muted" title={`The property has read ${readers.map(visible).join(", ") || "nothing"}, and no more`}>
						◇ It has read {readers.length === 0 ? "nothing" : readers.length <= 4 ? readers.map(visible).join(", ") : `${readers.length} parts`}.
					</span>
				)}
				{reads.cut && <span class="muted"> Not all parts were tried ({reads.cut}, {plural(reads.tried, "state")}).</span>}
			</p>
		</div>
	);
}

/** Mark marks a part of the tree that the verdict depends on, or that was read. */
export function Mark({ path }: { path: string }) {
	const { reads } = usePicked("reads");
	const found = reads?.parts.filter((p) => p.path === path);
	const p = found?.find((f) => f.kind !== "read") ?? found?.[0];
	if (!reads || !p) return null;
	const text = meaning(p, reads.property, reads.holds);
	return <span class={`cause ${p.kind}`} role="img" aria-label={text} title={text}>{signs[p.kind]}</span>;
}
