// Numbers and words for people. Pure functions.

const whole = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 }); // making one takes long

/** count writes a number with thousands apart. */
export function count(n: number): string {
	return whole.format(n);
}

/** short writes a number with at most three digits. */
export function short(n: number): string {
	for (const [unit, name] of [[1e9, "G"], [1e6, "M"], [1e3, "k"]] as const) {
		if (n >= unit) return (n / unit).toPrecision(3) + name;
	}
	return String(Math.round(n));
}

/** bytes writes an amount of memory. */
export function bytes(n: number): string {
	if (n >= 1 << 30) return (n / (1 << 30)).toFixed(1) + " GiB";
	if (n >= 1 << 20) return (n / (1 << 20)).toFixed(1) + " MiB";
	return Math.ceil(n / 1024) + " KiB";
}

/** seconds writes a time. */
export function seconds(s: number): string {
	if (s < 1) return Math.round(s * 1000) + " ms";
	if (s < 60) return s.toFixed(1) + " s";
	return `${Math.floor(s / 60)}:${String(Math.floor(s % 60)).padStart(2, "0")}`;
}

/** plural writes a number with its noun. */
export function plural(n: number, noun: string): string {
	return `${count(n)} ${noun}${n === 1 ? "" : "s"}`;
}

/** px writes a length for a style. */
export function px(n: number): string {
	return `${n}px`;
}
