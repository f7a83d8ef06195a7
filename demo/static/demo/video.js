/* Stands for the player of a video service: it keeps a cookie and says that it runs. */
document.cookie = "_player=1; path=/; max-age=15552000; SameSite=Lax";
document.getElementById("video").textContent = "running";
