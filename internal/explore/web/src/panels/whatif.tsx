import { useEffect, useRef, useState } from "preact/hooks";
import { get, saved, type Forgeable, type Forgeables, type Next, type Suppose } from "../api.ts";
import { plural } from "../format.ts";
import { usePicked, useStore } from "../hooks.ts";
import * as paths from "../path.ts";
import { visible } from "../text.ts";
import { Named } from "./named.tsx";

/** kinds are the kinds of suppositions: the word that begins their names, what the page calls them, and why there may be none. */
const kinds: [word: string, label: string, none: string][] = [
	["crash", "crash", "every actor is down"],
	["lose", "lose", "no message is in flight"],
	["duplicate", "duplicate", "no message is in flight that can be there twice"],
	["deliver", "reorder", "no message waits behind another one"],
	["partition", "partition", "the network is split, or there is nothing to split"],
];

/** most is how many steps are listed. */
const most = 400;

/** WhatIf lists the steps that the model's assumptions do not allow here. */
export function WhatIf({ list, next, base }: { list: Suppose[]; next: Next[]; base: string }) {
	const [open, setOpen] = useState(false);
	const [kind, setKind] = useState("");
	const [forging, setForging] = useState(false);
	if (saved()) return null;
	const of = (word: string): Suppose[] => list.filter((s) => s.name.split(" ")[0] === word);
	const shown = of(kind).length > 0 ? of(kind) : list;
	return (
		<div class="whatif">
			<button class="head" aria-expanded={open} onClick={() => setOpen(!open)}>
				{open ? "▾" : "▸"} What if … <span class="muted">{plural(list.length, "step")} outside the assumptions</span>
			</button>
			{open && (
				<div class="kinds" role="group" aria-label="Kinds of suppositions">
					{kinds.map(([word, label, none]) => {
						const n = of(word).length;
						const allowed = next.some((a) => a.name.split(" ")[0] === word);
						return (
							<button
								key={word} disabled={n === 0} aria-pressed={kind === word && n > 0}
								title={n > 0 ? plural(n, "step") : allowed && word !== "deliver" ? "the model allows it: see above" : none}
								onClick={() => setKind(kind === word ? "" : word)}
							>
								{label} {n > 0 && <span class="muted">{n}</span>}
							</button>
						);
					})}
					<button title="Put a message in flight that no actor has sent" onClick={() => setForging(true)}>forge …</button>
				</div>
			)}
			{open && shown.slice(0, most).map((s) => <Supposed key={s.step} s={s} to={paths.after(base, s.step)} />)}
			{open && shown.length > most && <p class="muted">{plural(shown.length - most, "step")} more</p>}
			{forging && <Forge onClose={() => setForging(false)} />}
		</div>
	);
}

function Supposed({ s, to }: { s: Suppose; to: string }) {
	const { model, path } = usePicked("model", "path");
	const store = useStore();
	return (
		<button
			class={`action supposed ${paths.startsWith(path, to) ? "taken" : ""}`} title={s.reason}
			onClick={() => store.take(to)}
			onMouseEnter={() => store.peek(to, s.text)} onMouseLeave={() => store.unpeek()}
			onFocus={() => store.peek(to, s.text)} onBlur={() => store.unpeek()}
		>
			<kbd />
			<span class="text"><Named text={s.text} names={model?.actors ?? []} /></span>
		</button>
	);
}

/** useActors returns the names of the actors, without the lane of what is outside. */
function useActors(): string[] {
	const { model, state } = usePicked("model", "state");
	const tree = state?.tree as { actors?: object } | undefined;
	return (model?.actors ?? []).slice(0, Object.keys(tree?.actors ?? {}).length);
}

/** Forge asks for a message that no actor has sent. */
function Forge({ onClose }: { onClose: () => void }) {
	const { path, at } = usePicked("path", "at");
	const names = useActors();
	const store = useStore();
	const ref = useRef<HTMLDialogElement>(null);
	const [known, setKnown] = useState<Forgeable[]>([]);
	const [from, setFrom] = useState(0);
	const [to, setTo] = useState(0);
	const [message, setMessage] = useState("");
	const [problem, setProblem] = useState("");
	const here = paths.prefix(path, at);
	const fail = (e: unknown): void => setProblem(e instanceof Error ? e.message : String(e));
	const pick = (m: Forgeable): void => {
		setMessage(m.message);
		setProblem("");
		if (m.state < 0) return;
		setFrom(m.from);
		setTo(Math.min(Math.max(m.to, 0), names.length - 1));
	};
	useEffect(() => {
		ref.current?.showModal();
		get<Forgeables>("messages", { path: here }).then((all) => {
			setKnown(all.messages);
			if (all.messages[0]) pick(all.messages[0]);
		}, fail);
	}, []);
	const forge = (): void => {
		get<Suppose>("forge", { path: here, from, to, message }).then((s) => {
			ref.current?.close();
			store.take(paths.after(here, s.step));
		}, fail);
	};
	return (
		<dialog class="help forge" ref={ref} aria-label="Forge a message" onClose={onClose}>
			<h2>Forge a message</h2>
			<p class="muted">It is in flight after step {at}, although no actor has sent it. What follows is outside of the model.</p>
			<form
				onSubmit={(e) => {
					e.preventDefault();
					forge();
				}}
			>
				<label>
					<span>Like</span>
					<select onChange={(e) => pick(known[Number(e.currentTarget.value)]!)}>
						{known.map((m, i) => <option key={i} value={i}>{about(m, names)}</option>)}
					</select>
				</label>
				<div class="ends">
					<label>
						<span>From</span>
						<select value={from} onChange={(e) => setFrom(Number(e.currentTarget.value))}>
							{names.map((n, i) => <option key={i} value={i}>{visible(n)}</option>)}
							<option value={-1}>outside</option>
						</select>
					</label>
					<label>
						<span>To</span>
						<select value={to} onChange={(e) => setTo(Number(e.currentTarget.value))}>
							{names.map((n, i) => <option key={i} value={i}>{visible(n)}</option>)}
						</select>
					</label>
				</div>
				<label>
					<span>Message</span>
					<textarea
						rows={5} spellcheck={false} value={message} aria-invalid={problem !== ""}
						onInput={(e) => {
							setMessage(e.currentTarget.value);
							setProblem("");
						}}
						onKeyDown={(e) => e.key === "Enter" && (e.ctrlKey || e.metaKey) && forge()}
					/>
				</label>
				<p class="problem" role="alert">{visible(problem)}</p>
				<div class="buttons">
					<button type="button" onClick={() => ref.current?.close()}>Cancel</button>
					<button type="submit" class="primary" title="Ctrl+Enter">Forge</button>
				</div>
			</form>
		</dialog>
	);
}

function about(m: Forgeable, names: string[]): string {
	if (m.state < 0) return `new ${visible(m.text)}`;
	return `${visible(names[m.from] ?? "outside")} → ${visible(names[m.to] ?? "outside")}: ${visible(m.text)}`;
}
