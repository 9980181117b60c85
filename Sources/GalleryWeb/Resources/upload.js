// Adds several posts at once: pictures are chosen or dropped, get titles, and are sent one after the other by the same
// form that works without this script.
"use strict";

const form = document.querySelector("form.upload");
const input = form.querySelector("input[type=file]");
const drop = form.querySelector(".drop");
const list = form.querySelector(".queue");
const state = form.querySelector(".status");
const save = form.querySelector("button[type=submit]");
const row = document.getElementById("queued");
const limit = Number(form.dataset.limit);
const titleLimit = Number(form.dataset.titleLimit);
let queue = [];
let count = 0;
let isSending = false;

// Without scripts the browser's own checks and the plain fields do.
form.classList.add("scripted");
form.noValidate = true;
input.multiple = true;
input.required = false;
form.elements.title.required = false;

const titleFrom = (name) => {
  const words = name.replace(/\.[^.]*$/, "").replace(/[_-]+/g, " ").trim();
  return [...words].slice(0, titleLimit).join("");
};

const inWords = (size) =>
  size < 1048576 ? `${Math.max(1, Math.round(size / 1024))} KB` : `${(size / 1048576).toFixed(1)} MB`;

const say = (item, text) => {
  item.error.textContent = text;
  item.title.setAttribute("aria-invalid", text !== "");
};

const refresh = () => {
  save.disabled = isSending || queue.length === 0;
  save.textContent = queue.length > 1 ? `Save ${queue.length} posts` : "Save";
};

const remove = (item) => {
  URL.revokeObjectURL(item.url);
  item.element.remove();
  queue = queue.filter((other) => other !== item);
  refresh();
};

const add = (file) => {
  count += 1;
  const element = row.content.firstElementChild.cloneNode(true);
  const item = {
    file,
    element,
    preview: element.querySelector("img"),
    title: element.querySelector("input"),
    error: element.querySelector(".error"),
    progress: element.querySelector("progress"),
  };
  item.title.id = `title-${count}`;
  item.title.value = titleFrom(file.name);
  item.error.id = `error-${count}`;
  item.title.setAttribute("aria-describedby", item.error.id);
  item.progress.setAttribute("aria-label", `Progress of ${file.name}`);
  element.querySelector("label").htmlFor = item.title.id;
  element.querySelector("small").textContent = `${file.name}, ${inWords(file.size)}`;
  item.remove = element.querySelector(".remove");
  item.remove.setAttribute("aria-label", `Remove ${file.name}`);
  item.remove.addEventListener("click", () => remove(item));
  item.url = URL.createObjectURL(file);
  // What the browser cannot show may still be an image that the gallery can.
  item.preview.addEventListener("error", () => {
    const blank = document.createElement("span");
    blank.className = "blank";
    item.preview.replaceWith(blank);
  });
  item.preview.src = item.url;
  list.append(element);
  queue.push(item);
  if (file.size > limit) say(item, `The image is larger than ${form.dataset.limitText}.`);
};

const addAll = (files) => {
  state.textContent = "";
  for (const file of files) add(file);
  input.value = "";
  refresh();
};

const send = (item) =>
  new Promise((done) => {
    const body = new FormData();
    body.append("csrf", form.elements.csrf.value);
    body.append("title", item.title.value);
    body.append("image", item.file);
    const request = new XMLHttpRequest();
    request.open("POST", form.action);
    request.setRequestHeader("Accept", "application/json");
    request.responseType = "json";
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) item.progress.value = event.loaded / event.total;
    });
    request.addEventListener("load", () => done({ status: request.status, reply: request.response }));
    request.addEventListener("error", () => done({ status: 0, reply: null }));
    request.send(body);
  });

const problemOf = ({ status, reply }) => {
  if (status === 201) return "";
  if (reply && reply.errors) return Object.values(reply.errors).join(" ");
  return status === 0 ? "The gallery cannot be reached." : `The gallery answered ${status}.`;
};

const sendAll = async () => {
  isSending = true;
  let saved = 0;
  for (const item of [...queue]) {
    item.remove.disabled = true;
    say(item, "");
    refresh();
    const problem = item.file.size > limit
      ? `The image is larger than ${form.dataset.limitText}.`
      : problemOf(await send(item));
    item.remove.disabled = false;
    say(item, problem);
    if (problem) {
      item.progress.value = 0;
    } else {
      saved += 1;
      remove(item);
    }
    state.textContent = `${saved} saved${queue.length ? `, ${queue.length} to go` : ""}.`;
  }
  isSending = false;
  refresh();
  if (queue.length === 0) {
    location.assign("/admin/gallery/post/");
  } else {
    state.textContent = `${saved} saved, ${queue.length} not: see above.`;
    queue[0].title.focus();
  }
};

input.addEventListener("change", () => addAll(input.files));
form.addEventListener("submit", (event) => {
  event.preventDefault();
  if (!isSending && queue.length > 0) sendAll();
});

const hasFiles = (event) => [...event.dataTransfer.types].includes("Files");
for (const kind of ["dragenter", "dragover"]) {
  document.addEventListener(kind, (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    drop.classList.add("over");
  });
}
for (const kind of ["dragleave", "drop"]) {
  document.addEventListener(kind, (event) => {
    if (kind === "drop" || !event.relatedTarget) drop.classList.remove("over");
  });
}
document.addEventListener("drop", (event) => {
  if (!hasFiles(event)) return;
  event.preventDefault();
  addAll(event.dataTransfer.files);
});
window.addEventListener("beforeunload", (event) => {
  if (isSending) event.preventDefault();
});
refresh();
