package ai.postdev.dragon.memory;

import java.io.IOException;
import java.util.List;

/** Runs commands of the system. Any thread; waits until the command has ended. */
interface HostCommands {
    /** How a command ended, and what it printed. */
    record Result(int exit, String out, String err) {}

    /**
     * Runs a command without a shell.
     *
     * @throws IOException if there is no such command, or it did not end in time
     */
    Result run(List<String> command) throws IOException;

    /**
     * What the command printed.
     *
     * @throws IOException also if it failed: the message has the command and what it said
     */
    default String output(String... command) throws IOException {
        Result result = run(List.of(command));
        if (result.exit() != 0) {
            String said = result.err().isBlank() ? result.out() : result.err();
            throw new IOException(
                    "'" + String.join(" ", command) + "' ended with " + result.exit() + ": " + said.strip());
        }
        return result.out();
    }
}
