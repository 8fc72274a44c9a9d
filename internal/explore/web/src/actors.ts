// Colours of actors: eight that people with any colour vision tell apart (Okabe and Ito, 2008, darkened for text),
// and the place in the row of lanes, so that colour is never alone.

export const colours = 8;

/** colour returns the class of an actor's colour. */
export function colour(i: number): string {
	return `actor-${((i % colours) + colours) % colours}`;
}

/** actorsOf returns the numbers of the actors that a text begins with, such as "s1 -> s2: Vote". */
export function actorsOf(text: string, names: string[]): number[] {
	const arrow = /^(.+?) -> (.+?): /.exec(text);
	if (arrow) return [names.indexOf(arrow[1]!), names.indexOf(arrow[2]!)].filter((i) => i >= 0);
	const first = names.findIndex((n) => text.startsWith(n + " ") || text.startsWith(n + ":"));
	return first >= 0 ? [first] : [];
}
