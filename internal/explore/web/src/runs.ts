// The paths that were opened since the page was loaded, as a tree of forks. Pure functions.
import * as paths from "./path.ts";

/** Run is a path that was opened, and is not the beginning of another. */
export interface Run {
	path: string;
	steps: number;
	last: string; // text of its last step
	title: string; // where it comes from; empty for one by hand
	breaks: string[]; // promises that it breaks
}

/** maxRuns bounds the paths that are remembered. */
const maxRuns = 40;

/** visit adds a path. A path that it extends gives way to it; the beginning of one that is there changes nothing. */
export function visit(runs: Run[], run: Run): Run[] {
	const same = runs.find((r) => r.path === run.path);
	if (same) return runs.map((r) => (r === same ? { ...run, title: run.title || r.title } : r));
	if (run.steps === 0 || runs.some((r) => paths.startsWith(r.path, run.path))) return runs;
	const kept = runs.filter((r) => r.title !== "" || !paths.startsWith(run.path, r.path));
	return [...kept, run].slice(-maxRuns);
}

/** Fork is a run with the step at which it leaves the path that is shown; -1 for another initial state. */
export interface Fork {
	run: Run;
	at: number;
	shown: boolean;
}

/** forks lists the runs beside a path, in the order of where they leave it; the path itself is first. */
export function forks(runs: Run[], path: string): Fork[] {
	const all = runs.map((run) => ({ run, at: paths.common(run.path, path), shown: run.path === path }));
	return all.sort((a, b) => Number(b.shown) - Number(a.shown) || a.at - b.at);
}

/** sibling returns the run that is n places after the one that is shown, in the order in which they were opened. */
export function sibling(runs: Run[], path: string, n: number): Run | undefined {
	if (runs.length === 0) return undefined;
	const i = runs.findIndex((r) => paths.startsWith(r.path, path));
	return runs[(Math.max(0, i) + n + runs.length) % runs.length];
}
