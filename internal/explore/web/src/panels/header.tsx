import { useState } from "preact/hooks";
import { hasToken, link, saved } from "../api.ts";
import { savePicture } from "../picture.ts";
import { bytes, count, plural, seconds, short } from "../format.ts";
import { usePicked, useStore } from "../hooks.ts";
import { setTheme, theme, type Theme } from "../theme.ts";
import { visible } from "../text.ts";
import { Menu } from "./menu.tsx";

export function Header() {
	const { model, steps } = usePicked("model", "steps");
	const store = useStore();
	return (
		<header class="header">
			<span class="brand"><Mark /> allways</span>
			<h1 title={model?.params.join(" ")}>{model ? visible(model.title) : "…"}</h1>
			{saved() ? <span class="progress">saved page</span> : <Progress />}
			{steps.outside && <span class="tag bad" title={steps.outside.reason}>outside the model from step {steps.outside.step}</span>}
			<span class="spring" />
			{!saved() && hasToken() && <Search />}
			{!saved() && <Export />}
			<Themes />
			<button class="quiet" aria-label="Keys" title="Keys (?)" onClick={() => store.help(true)}>?</button>
		</header>
	);
}

function Mark() {
	return (
		<svg class="mark" viewBox="0 0 20 20" aria-hidden="true">
			<path d="M3 16 L8.5 4 L11 9.5 M6 11 H13 M9 16 L17 16 M13.5 12.5 L17 16 L13.5 19" />
		</svg>
	);
}

/** Search starts, pauses and stops the search in the background. */
function Search() {
	const { status } = usePicked("status");
	const store = useStore();
	const state = status?.state ?? "idle";
	if (state === "running" || state === "paused") {
		return (
			<span class="pair">
				<button onClick={() => void store.search(state === "paused" ? "resume" : "pause")}>{state === "paused" ? "Resume" : "Pause"}</button>
				<button onClick={() => void store.search("stop")}>Stop</button>
			</span>
		);
	}
	return (
		<button class={state === "idle" ? "primary" : ""} onClick={() => void store.search("start")}>
			{state === "ended" ? "Search again" : "Search all states"}
		</button>
	);
}

function Progress() {
	const { status } = usePicked("status");
	if (!status || status.state === "idle") return <span class="progress">not searched yet</span>;
	const running = status.state === "running" || status.state === "paused";
	const word = status.state === "paused" ? "paused"
		: status.state === "running" ? `checking${status.phase && status.phase !== "search" ? ` (${status.phase})` : ""}`
		: status.complete ? "all states searched" : status.error ? "failed" : `stopped: ${status.stopReason ?? ""}`;
	return (
		<span class={`progress ${status.state}`} title={status.error ?? ""}>
			<span class="lamp" aria-hidden="true" />
			<b role="status">{word}</b>
			<span title={`${count(status.generated)} generated`}>{plural(status.distinct, "state")}</span>
			{status.state === "running" && <span>{short(status.rate)}/s</span>}
			<span>depth {status.depth}</span>
			{running && <span>queue {short(status.queue)}</span>}
			<span class="minor">{bytes(status.memory)}</span>
			<span class="minor">{seconds(status.elapsed)}</span>
		</span>
	);
}

const formats = [
	{ format: "trace", name: "Trace file", file: ".trace", replays: true },
	{ format: "go", name: "Go test", file: "_test.go", source: true, replays: true },
	{ format: "html", name: "Page without a server", file: ".html" },
	{ format: "svg", name: "Drawing (SVG)", file: ".svg", actors: true },
	{ format: "svg", name: "Drawing (PNG)", file: ".png", actors: true },
	{ format: "mermaid", name: "Drawing (Mermaid)", file: ".mmd", actors: true },
	{ format: "text", name: "Text", file: ".txt" },
	{ format: "json", name: "JSON", file: ".json" },
	{ format: "itf", name: "Informal Trace Format", file: ".itf.json" },
];

function Export() {
	const { path, model, steps } = usePicked("path", "model", "steps");
	const store = useStore();
	const save = (e: MouseEvent, f: { file: string; name: string; replays?: boolean }, close: () => void): void => {
		if (f.replays && steps.outside) {
			store.fail(`Step ${steps.outside.step} is outside of the model's assumptions, and a ${f.name} must replay. Save it as text or JSON.`);
			e.preventDefault();
		} else if (f.file === ".png") {
			const { href, download } = e.currentTarget as HTMLAnchorElement;
			savePicture(href, download).catch((e: unknown) => store.fail(e));
			e.preventDefault();
		}
		close();
	};
	return (
		<Menu label="Trace ▾" name="Save or open a trace">
			{(close) => (
				<>
					{formats.filter((f) => (!f.actors || (model?.actors.length ?? 0) > 0) && (!f.source || model?.source)).map((f) => (
						<a
							key={f.file} href={link("export", { format: f.format, path })} onClick={(e) => save(e, f, close)}
							download={`${model?.model ?? "trace"}${f.file}`}
						>
							Save as {f.name}
						</a>
					))}
					<button onClick={() => void navigator.clipboard?.writeText(location.href).then(close)}>Copy link</button>
					{hasToken() && (
						<label class="item">
							Open a trace file…
							<input
								type="file" class="file" aria-label="Open a trace file"
								onChange={(e) => {
									void e.currentTarget.files?.[0]?.text().then((t) => store.import(t));
									close();
								}}
							/>
						</label>
					)}
				</>
			)}
		</Menu>
	);
}

function Themes() {
	const [now, setNow] = useState(theme());
	const next: Record<Theme, Theme> = { system: "dark", dark: "light", light: "system" };
	const sign: Record<Theme, string> = { system: "◐", dark: "●", light: "○" };
	return (
		<button
			class="quiet"
			aria-label={`Colours: ${now}`}
			title={`Colours: ${now}`}
			onClick={() => {
				setTheme(next[now]);
				setNow(next[now]);
			}}
		>
			{sign[now]}
		</button>
	);
}
