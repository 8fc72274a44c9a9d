/** The sides of a picture that browsers can still paint. */
const most = 16_000;

/** savePicture saves a drawing, which is SVG at an address, as PNG of twice its size. */
export async function savePicture(address: string, name: string): Promise<void> {
	const response = await fetch(address);
	if (!response.ok) throw new Error((await response.json()).error);
	const image = new Image();
	image.src = "data:image/svg+xml," + encodeURIComponent(await response.text());
	await image.decode();
	const scale = Math.min(2, most / image.width, most / image.height);
	const canvas = document.createElement("canvas");
	canvas.width = Math.ceil(image.width * scale);
	canvas.height = Math.ceil(image.height * scale);
	canvas.getContext("2d")!.drawImage(image, 0, 0, canvas.width, canvas.height);
	const save = document.createElement("a");
	save.download = name;
	save.href = canvas.toDataURL("image/png");
	save.click();
}
