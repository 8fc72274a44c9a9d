// The drawings that a model has.
import { saved, type Model } from "./api.ts";
import type { Tab } from "./store.ts";

/** tabs lists the drawings that make sense, in their order. */
export function tabs(model: Model | undefined): { tab: Tab; name: string }[] {
	const out: { tab: Tab; name: string }[] = [];
	if (!model || model.actors.length > 0) out.push({ tab: "sequence", name: "Sequence" });
	if (model?.recording && !saved()) out.unshift({ tab: "recording", name: "Recording" });
	if (!saved()) out.push({ tab: "graph", name: "Graph" });
	out.push({ tab: "history", name: "History" }, { tab: "log", name: "Log" });
	if (!saved()) out.push({ tab: "coverage", name: "Coverage" }, { tab: "growth", name: "Growth" });
	return out;
}
