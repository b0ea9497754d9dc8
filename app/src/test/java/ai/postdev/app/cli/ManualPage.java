package ai.postdev.app.cli;

import picocli.CommandLine;

/** Writes docs/reference/cli.md from the table of verbs, as picocli shows it. */
public final class ManualPage {
    private ManualPage() {}

    /** The whole page. */
    public static String render() {
        CommandLine program = Manual.program();
        StringBuilder page = new StringBuilder("""
            # Commands

            <!-- Written by ReferenceTest from the table of verbs; edit Verbs.java. -->

            ```
            """);
        page.append(usage(program)).append("```\n");
        program.getSubcommands()
                .forEach((name, command) -> page.append("\n## ")
                        .append(name)
                        .append("\n\n```\n")
                        .append(usage(command))
                        .append("```\n"));
        return page.toString();
    }

    private static String usage(CommandLine command) {
        return command.getUsageMessage(CommandLine.Help.Ansi.OFF).replace("\r\n", "\n");
    }
}
