import { colour } from "../actors.ts";
import type { Message, Row } from "../api.ts";
import { usePicked, useStore } from "../hooks.ts";
import { visible } from "../text.ts";

const words: Record<Row["kind"], string> = {
	deliver: "delivered", lose: "lost", duplicate: "duplicated", note: "", crash: "crash", restart: "restart",
	partition: "partition", heal: "heal",
};

/** MessageDetail shows all of the selected message or event. */
export function MessageDetail() {
	const { steps, at, flight, model } = usePicked("steps", "at", "flight", "model");
	const names = model?.actors ?? [];
	const flown = flight === null ? undefined : steps.inFlight[flight];
	if (flown) return <Detail m={flown} names={names} fate="in flight" />;
	const row = steps.rows[at - 1];
	if (!row) return null;
	if (row.message) return <Detail m={row.message} names={names} fate={words[row.kind]} at={at} />;
	return (
		<div class="detail">
			<div class="line">
				{names[row.at] !== undefined && <b class={colour(row.at)}><bdi>{visible(names[row.at]!)}</bdi></b>} {visible(row.text || row.kind)}
			</div>
		</div>
	);
}

function Detail({ m, names, fate, at }: { m: Message; names: string[]; fate: string; at?: number }) {
	const store = useStore();
	return (
		<div class="detail">
			<div class="line">
				<b class={colour(m.from)}><bdi>{visible(names[m.from] ?? "?")}</bdi></b> → <b class={colour(m.to)}><bdi>{visible(names[m.to] ?? "?")}</bdi></b>
				<span class="muted">
					{m.sent === 0 ? "sent at the start" : <>sent in <button class="link" onClick={() => void store.select(m.sent)}>step {m.sent}</button></>}
					, {fate}{at !== undefined && <> in step {at}</>}
				</span>
			</div>
			<div class="long">{visible(m.text)}</div>
		</div>
	);
}
