// Files one after the other, each with its progress and what became of it; they may be dropped on the page as well.
// Without this script the form sends them all at once.
"use strict";

const form = document.getElementById("upload");
const picker = document.getElementById("files");
const outcomes = document.getElementById("outcomes");
let sending = Promise.resolve();

function row(name, words) {
  const item = document.createElement("li");
  const line = document.createElement("p");
  const strong = document.createElement("strong");
  const state = document.createElement("span");
  const progress = document.createElement("progress");
  strong.textContent = name;
  state.textContent = words;
  progress.max = 1;
  progress.value = 0;
  progress.setAttribute("aria-label", name);
  line.append(strong, document.createElement("br"), state);
  item.append(line, progress);
  outcomes.append(item);
  return { item, state, progress };
}

function ended(shown, words) {
  shown.state.textContent = words;
  shown.state.className = "wrong";
  shown.progress.remove();
}

function answered(shown, request) {
  const page = new DOMParser().parseFromString(request.responseText, "text/html");
  const told = [...page.querySelectorAll("#outcomes > li")];
  if (told.length) {
    shown.item.replaceWith(...told.map((each) => document.importNode(each, true)));
  } else {
    ended(shown, page.querySelector(".wrong")?.textContent.trim() || form.dataset.failed);
  }
}

function send(file, shown) {
  return new Promise((done) => {
    const request = new XMLHttpRequest();
    const body = new FormData();
    body.append("csrf", form.elements.csrf.value);
    body.append("once", form.elements.once.value);
    body.append("files", file, file.name);
    request.upload.onprogress = (event) => {
      if (event.lengthComputable) shown.progress.value = event.loaded / event.total;
    };
    request.upload.onload = () => {
      shown.state.textContent = form.dataset.reading;
      shown.progress.removeAttribute("value");
    };
    request.onload = () => { answered(shown, request); done(); };
    request.onerror = request.onabort = () => { ended(shown, form.dataset.failed); done(); };
    request.open("POST", form.action);
    request.send(body);
  });
}

function take(files) {
  for (const file of files) {
    const shown = row(file.name, form.dataset.waiting);
    if (file.size > Number(form.dataset.longest)) ended(shown, form.dataset.tooLong);
    else sending = sending.then(() => send(file, shown));
  }
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  take(picker.files);
  picker.value = "";
});

for (const kind of ["dragenter", "dragover", "dragleave", "drop"]) {
  document.addEventListener(kind, (event) => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    form.classList.toggle("over", kind === "dragenter" || kind === "dragover");
    if (kind === "drop") take(event.dataTransfer.files);
  });
}
