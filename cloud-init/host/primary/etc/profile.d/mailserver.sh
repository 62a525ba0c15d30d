# Where mail(1) and a shell look for mail: Dovecot delivers into the Maildir of a system user's home, not to /var/mail.
if [ -d "$HOME/Maildir" ]; then
  MAIL=$HOME/Maildir
  export MAIL
fi
