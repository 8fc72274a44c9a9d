import { useMemo, useRef, useState } from "preact/hooks";
import type { Model } from "../api.ts";
import { complete } from "../complete.ts";
import { count, plural } from "../format.ts";
import { useKept, usePicked, useStore } from "../hooks.ts";
import { fields } from "../lines.ts";
import { visible } from "../text.ts";
import { compare } from "../tree.ts";
import { Named } from "./named.tsx";

/** maxAsked is how many questions are remembered. */
const maxAsked = 20;

/** questions are the predicates and properties, as questions ask for them. */
function questions(model?: Model): string[] {
	const names = [...(model?.predicates ?? []), ...(model?.properties ?? []).map((p) => p.name)];
	return names.map((n) => `named(${JSON.stringify(n)})`);
}

/** Find asks for states by an expression. */
export function Find() {
	const { busy, asked, found, state, model } = usePicked("busy", "asked", "found", "state", "model");
	const store = useStore();
	const [text, setText] = useState("");
	const [scope, setScope] = useState("all");
	const [past, setPast] = useKept<string[]>("questions", []);
	const [caret, setCaret] = useState(0);
	const [typing, setTyping] = useState(false);
	const [listed, setListed] = useState(false);
	const [chosen, choose] = useState(-1);
	const input = useRef<HTMLInputElement>(null);
	const named = useMemo(() => questions(model), [model]);
	const parts = useMemo(() => [...(typing && state ? fields(compare(undefined, state.tree)) : []), ...named], [typing, state, named]);
	const proposal = text === "" ? { from: 0, words: [...new Set([...past.slice(0, 6), ...named, ...past])] } : complete(text, caret, parts);
	const words = typing ? proposal.words.slice(0, 12) : [];
	const accept = (w: string): void => {
		const now = text === "" ? w : text.slice(0, proposal.from) + w + text.slice(caret);
		const at = text === "" ? w.length : proposal.from + w.length;
		setText(now);
		choose(-1);
		setCaret(at);
		setTyping(text !== "");
		input.current?.focus();
		requestAnimationFrame(() => input.current?.setSelectionRange(at, at));
	};
	const ask = (): void => {
		const q = text.trim();
		if (!q) return;
		setTyping(false);
		setListed(true);
		setPast([q, ...past.filter((p) => p !== q)].slice(0, maxAsked));
		void store.find(q, scope);
	};
	const key = (e: KeyboardEvent): void => {
		if (e.key === "Escape" && words.length > 0) setTyping(false);
		else if (e.key === "ArrowDown") (setTyping(true), choose(Math.min(chosen + 1, words.length - 1)));
		else if (e.key === "ArrowUp") choose(Math.max(-1, chosen - 1));
		else if ((e.key === "Enter" || e.key === "Tab") && words[chosen] !== undefined) accept(words[chosen]!);
		else return;
		e.preventDefault();
		e.stopPropagation();
	};
	const follow = (e: Event): void => setCaret((e.currentTarget as HTMLInputElement).selectionStart ?? 0);
	return (
		<form class="find" role="search" onSubmit={(e) => (e.preventDefault(), ask())}>
			{listed && found && found.results.length > 0 && <Results onClose={() => setListed(false)} />}
			<label for="find">find</label>
			<div class="ask">
				<input
					id="find" type="text" spellcheck={false} autocomplete="off" role="combobox" ref={input}
					placeholder='states, in Go syntax: count(actors, Role == "leader") > 1'
					value={text} aria-expanded={words.length > 0} aria-controls="proposals" aria-autocomplete="list"
					aria-activedescendant={chosen >= 0 ? `proposal-${chosen}` : undefined}
					aria-invalid={asked !== ""} aria-describedby={asked ? "asked" : undefined}
					onInput={(e) => {
						setText(e.currentTarget.value);
						follow(e);
						setTyping(true);
						choose(-1);
						if (asked) store.forget();
					}}
					onKeyUp={follow} onClick={follow} onKeyDown={key} onBlur={() => setTyping(false)}
				/>
				{words.length > 0 && (
					<ul class="proposals" id="proposals" role="listbox" aria-label={text === "" ? "Questions" : "Parts of the state"}>
						{words.map((w, i) => (
							<li
								key={w} id={`proposal-${i}`} role="option" aria-selected={i === chosen}
								onMouseDown={(e) => (e.preventDefault(), accept(w))}
							>
								{visible(w)}
							</li>
						))}
					</ul>
				)}
				{asked && <p class="asked" id="asked" role="alert">{visible(asked)}</p>}
			</div>
			<button
				type="button" class="quiet" aria-label="Questions to choose from" title="Questions asked before, predicates and properties"
				onMouseDown={(e) => e.preventDefault()}
				onClick={() => (setText(""), choose(-1), setTyping(text !== "" || !typing), input.current?.focus())}
			>
				▾
			</button>
			<select aria-label="Where to look" value={scope} onChange={(e) => setScope(e.currentTarget.value)}>
				<option value="all">shortest way to it</option>
				<option value="forward">from the selected state on</option>
				<option value="trace">on this path</option>
			</select>
			{busy ? <button type="button" onClick={() => store.cancel()}>Stop</button> : <button type="submit">Find</button>}
			<Count listed={listed} onList={() => setListed(!listed)} />
		</form>
	);
}

function Count({ listed, onList }: { listed: boolean; onList: () => void }) {
	const { found } = usePicked("found");
	const store = useStore();
	if (!found) return null;
	if (found.results.length === 0) {
		return (
			<span class="found" role="status">
				none among {plural(found.looked, "state")}{found.complete ? "" : `: ${found.cut}`}
				{found.unknown && <span class="tag warn">none has {found.unknown.map((n) => visible(n)).join(", ")}</span>}
			</span>
		);
	}
	return (
		<span class="found" role="status">
			<button type="button" class="quiet" aria-label="Result before" onClick={() => void store.result(found.current - 1)}>◀</button>
			<button type="button" class="quiet" aria-expanded={listed} onClick={onList} title="List the results">
				{count(found.current + 1)} of {count(found.results.length)}{found.complete ? "" : "+"}
			</button>
			<button type="button" class="quiet" aria-label="Next result" onClick={() => void store.result(found.current + 1)}>▶</button>
		</span>
	);
}

/** Results lists what was found. */
function Results({ onClose }: { onClose: () => void }) {
	const { found, model } = usePicked("found", "model");
	const store = useStore();
	if (!found) return null;
	return (
		<div class="results" role="group" aria-label="Results">
			<h3>
				<code>{visible(found.question)}</code>
				<span class="muted">{plural(found.looked, "state")} looked at{found.complete ? "" : `, ${found.cut}`}</span>
				<span class="spring" />
				<button type="button" class="quiet" aria-label="Close the results" onClick={onClose}>✕</button>
			</h3>
			<ol>
				{found.results.map((r, i) => (
					<li key={found.paths[i]}>
						<button type="button" class={i === found.current ? "shown" : ""} aria-current={i === found.current} onClick={() => void store.result(i)}>
							<span class="number">{plural(r.steps, "step")}</span>
							<span class="text">{r.steps === 0 ? <i>initial state</i> : <Named text={r.text ?? ""} names={model?.actors ?? []} />}</span>
							{r.outside && <span class="tag bad">what if</span>}
						</button>
					</li>
				))}
			</ol>
		</div>
	);
}
