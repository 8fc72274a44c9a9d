import { useState } from "preact/hooks";
import { count, plural } from "../format.ts";
import { useSnapshot, useStore } from "../hooks.ts";

/** Find asks for states by an expression. */
export function Find() {
	const { found, busy } = useSnapshot();
	const store = useStore();
	const [text, setText] = useState("");
	const [scope, setScope] = useState("all");
	return (
		<form
			class="find"
			role="search"
			onSubmit={(e) => {
				e.preventDefault();
				if (text.trim()) void store.find(text, scope);
			}}
		>
			<label for="find">find</label>
			<input
				id="find"
				type="text"
				spellcheck={false}
				autocomplete="off"
				placeholder='states, in Go syntax: count(actors, Role == "leader") > 1'
				value={text}
				onInput={(e) => setText(e.currentTarget.value)}
			/>
			<select aria-label="Where to look" value={scope} onChange={(e) => setScope(e.currentTarget.value)}>
				<option value="all">shortest way to it</option>
				<option value="forward">from the selected state on</option>
				<option value="trace">on this path</option>
			</select>
			<button type="submit" disabled={busy}>Find</button>
			{found && (
				<span class="found" role="status">
					{found.results.length === 0 ? (
						`none among ${plural(found.looked, "state")}${found.complete ? "" : `: ${found.cut}`}`
					) : (
						<>
							<button type="button" class="quiet" aria-label="Result before" onClick={() => void store.result(found.current - 1)}>◀</button>
							{count(found.current + 1)} of {count(found.results.length)}{found.complete ? "" : "+"}
							<button type="button" class="quiet" aria-label="Next result" onClick={() => void store.result(found.current + 1)}>▶</button>
						</>
					)}
				</span>
			)}
		</form>
	);
}
