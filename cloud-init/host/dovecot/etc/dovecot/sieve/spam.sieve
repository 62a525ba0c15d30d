# Before everybody's own script, so that no vacation message answers spam. The headers are those of rspamd's milter_headers and of SpamAssassin.
require ["fileinto", "mailbox"];
if anyof (header :is "X-Spam" "Yes", header :is "X-Spam-Flag" "YES") {
  fileinto :create "Junk";
  stop;
}
