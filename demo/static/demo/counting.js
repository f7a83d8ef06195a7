/* Stands for a script that counts visits: it keeps a cookie and says that it runs. */
document.cookie = "_visits=1; path=/; max-age=34128000; SameSite=Lax";
document.getElementById("counting").textContent = "running";
