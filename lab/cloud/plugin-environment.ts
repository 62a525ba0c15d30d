/** Names the lab in a plugin's environment. */
export const LAB_VARIABLE = "MAILSERVER_LAB";
/** `1` in a plugin's environment where the lab has hosts. */
export const HOSTS_VARIABLE = "MAILSERVER_LAB_HOSTS";
