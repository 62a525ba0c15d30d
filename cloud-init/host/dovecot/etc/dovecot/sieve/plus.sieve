# After everybody's own script: mail to alice+lists@ into the folder "lists", for those who have asked for it (users). Anybody may write any extension, so no
# folder is made for it, and none is forged in those whose mail is the person's own.
require ["envelope", "subaddress", "fileinto", "mailbox", "variables", "vnd.dovecot.environment"];
if allof (string :is "${env.vnd.dovecot.config.plus_folders}" "yes", envelope :detail :matches "to" "?*") {
  set "folder" "${0}";
  if allof (mailboxexists "${folder}", not string :is "${folder}" ["Drafts", "Sent", "Trash"]) {
    fileinto "${folder}";
  }
}
