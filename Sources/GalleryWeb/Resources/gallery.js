// The light-box: a tile opens its picture over the page; without this script it leads to the post's own page.
"use strict";

const tiles = [...document.querySelectorAll(".tile")];
const box = document.querySelector(".lightbox");

if (box && typeof box.showModal === "function") {
  const picture = box.querySelector("img");
  const part = (name) => box.querySelector(`.${name}`);
  let current = 0;

  const titleOf = (tile) => tile.querySelector("img").alt;

  // The neighbours' pictures are fetched before they are asked for.
  const fetchEarly = (tile) => {
    const image = new Image();
    image.sizes = `min(100vw, ${tile.dataset.width}px)`;
    image.srcset = tile.dataset.srcset;
    image.src = tile.dataset.src;
  };

  const show = (index) => {
    current = (index + tiles.length) % tiles.length;
    const tile = tiles[current];
    // A small picture is not blown up.
    picture.sizes = `min(100vw, ${tile.dataset.width}px)`;
    picture.style.maxWidth = `${tile.dataset.width}px`;
    picture.width = tile.dataset.width;
    picture.height = tile.dataset.height;
    picture.alt = titleOf(tile);
    picture.srcset = tile.dataset.srcset;
    picture.src = tile.dataset.src;
    part("title").textContent = titleOf(tile);
    part("place").textContent = `${current + 1} of ${tiles.length}`;
    part("details").href = tile.href;
    part("original").href = tile.dataset.original;
    if (tiles.length > 1) {
      fetchEarly(tiles[(current + 1) % tiles.length]);
      fetchEarly(tiles[(current - 1 + tiles.length) % tiles.length]);
    }
  };

  const isPlainClick = (event) =>
    event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;

  tiles.forEach((tile, index) =>
    tile.addEventListener("click", (event) => {
      if (!isPlainClick(event)) return;
      event.preventDefault();
      show(index);
      box.showModal();
      // The keys are for the box; no button of it is meant yet.
      box.focus();
    })
  );

  box.classList.toggle("single", tiles.length === 1);
  part("previous").addEventListener("click", () => show(current - 1));
  part("next").addEventListener("click", () => show(current + 1));
  part("close").addEventListener("click", () => box.close());
  box.addEventListener("click", (event) => {
    if (event.target === box || event.target === picture) box.close();
  });
  box.addEventListener("close", () => {
    picture.removeAttribute("srcset");
    picture.removeAttribute("src");
    tiles[current].focus();
    tiles[current].scrollIntoView({ block: "nearest" });
  });

  const keys = {
    ArrowLeft: () => show(current - 1),
    ArrowRight: () => show(current + 1),
    Home: () => show(0),
    End: () => show(tiles.length - 1),
  };
  box.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !keys[event.key]) return;
    event.preventDefault();
    keys[event.key]();
  });

  // A swipe to the side turns the page.
  const leastSwipe = 40;
  let start = null;
  box.addEventListener("touchstart", (event) => {
    start = event.touches.length === 1 ? event.touches[0] : null;
  }, { passive: true });
  box.addEventListener("touchend", (event) => {
    if (!start) return;
    const across = event.changedTouches[0].clientX - start.clientX;
    const down = event.changedTouches[0].clientY - start.clientY;
    start = null;
    if (Math.abs(across) > leastSwipe && Math.abs(across) > 2 * Math.abs(down)) {
      show(current + (across < 0 ? 1 : -1));
    }
  }, { passive: true });
}
