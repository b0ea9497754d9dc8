package ai.postdev.dragon.model.prefix;

/** What the worker does with what it keeps. Effects are carried out in their order, with forks that matches asked for. */
public sealed interface PrefixEffect {
    /** A copy of the session is kept under the handle, of its first {@code tokens}. */
    record Keep(long handle, int tokens) implements PrefixEffect {}

    /** Of what is kept under the handle only the first {@code tokens} are needed any more. */
    record Trim(long handle, int tokens) implements PrefixEffect {}

    /** What is kept under the handle is not needed any more. */
    record Drop(long handle) implements PrefixEffect {}
}
