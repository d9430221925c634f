// Runs only in browsers without modules: says plainly that they are too old.
document.getElementById("old").removeAttribute("hidden");
