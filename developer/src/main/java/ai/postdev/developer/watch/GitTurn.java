package ai.postdev.developer.watch;

import ai.postdev.actors.op.Body;
import java.util.List;
import java.util.Optional;

/**
 * What a workspace does when its repository moves on. Pure.
 *
 * @param edits what becomes of edits that were not told yet
 * @param rules whether ignore rules may have changed, so that all is walked with rules and index read again
 * @param index whether other files may be tracked now
 * @param walk whether git may have changed files
 */
record GitTurn(Edits edits, boolean rules, boolean index, boolean walk) {
    /** What becomes of edits that were not told yet. */
    enum Edits {
        /** Nothing happened to them. */
        KEEP,
        /** A person committed them: they are told before the commit is. */
        TELL,
        /** Git changed the files, so until disk and lake agree again no change is a person's edit. */
        DROP
    }

    /**
     * Decides.
     *
     * @param before empty at the first reading
     * @param events what led here
     */
    static GitTurn of(Optional<GitState> before, GitState now, List<Body.AppendEvent> events) {
        if (before.isEmpty()) {
            return new GitTurn(Edits.KEEP, false, true, false);
        }
        GitState then = before.get();
        boolean headMoved = !then.head().equals(now.head());
        boolean stashed = !then.stash().equals(now.stash());
        boolean committed = events.stream().allMatch(event -> event.kind().equals("branch"));
        Edits edits = stashed || headMoved && !committed ? Edits.DROP : headMoved ? Edits.TELL : Edits.KEEP;
        boolean rules = !then.rulesMark().equals(now.rulesMark());
        boolean index = !rules && !then.indexMark().equals(now.indexMark());
        return new GitTurn(edits, rules, index, headMoved || stashed);
    }
}
