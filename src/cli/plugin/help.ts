/** What `tenon plugin help` prints, and what follows a command that was typed wrongly. */
export const pluginHelp = `tenon plugin <command> [options]

  list                   what is installed, what of it is enabled, its form and what it may use
  plan [NAME|PATH]       what a plugin, or each enabled one, would register; nothing of it is started
  check [NAME|PATH]      what would go wrong with it, each with a hint; 1 when there is something
  install [WHAT]         fetches WHAT into plugins/available and enables it: a folder (linked), NAME[@VERSION] of the npm registry,
                         a tarball, or the URL of a tarball or a git repository; without it all that config/customPlugins.json names
            --copy       copies a folder instead of linking it
            --no-enable  leaves it in plugins/available
            --yes        does not ask
  enable NAME            links it into plugins/enabled
  disable NAME           takes it out of plugins/enabled
  remove NAME            disables it and deletes it from plugins/available
            --force      although another enabled plugin depends on it
  new NAME               a plugin in TypeScript to begin with, in plugins/available/NAME
            --dir DIR    in this folder instead

  --root DIR             the application (the working directory)
  --json                 answers for machines

See docs/plugins/command-line.md.
`;
