package ai.postdev.developer.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.postdev.actors.op.Body;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class GitTurnTest {
    private static final GitState BEFORE = state("a", "", "i", "r");

    private static GitState state(String head, String stash, String index, String rules) {
        return new GitState(
                Optional.of(head),
                Optional.of("main"),
                Optional.of(stash).filter(s -> !s.isEmpty()),
                Map.of(),
                List.of(head),
                index,
                rules,
                List.of(),
                0);
    }

    private static GitTurn turn(GitState now, String... kinds) {
        List<Body.AppendEvent> events = List.of(kinds).stream()
                .map(kind -> new Body.AppendEvent(kind, 0, "", Map.of(), List.of()))
                .toList();
        return GitTurn.of(Optional.of(BEFORE), now, events);
    }

    @Test
    void firstReadingOnlyLooksAtWhatIsTracked() {
        assertEquals(
                new GitTurn(GitTurn.Edits.KEEP, false, true, false), GitTurn.of(Optional.empty(), BEFORE, List.of()));
    }

    @Test
    void aCommitTellsTheEditsThatLedToIt() {
        assertEquals(new GitTurn(GitTurn.Edits.TELL, false, true, true), turn(state("b", "", "j", "r")));
        assertEquals(new GitTurn(GitTurn.Edits.TELL, false, false, true), turn(state("b", "", "i", "r"), "branch"));
    }

    @Test
    void aSwitchResetOrStashIsNobodysEdit() {
        assertEquals(new GitTurn(GitTurn.Edits.DROP, false, true, true), turn(state("b", "", "j", "r"), "reset"));
        assertEquals(new GitTurn(GitTurn.Edits.DROP, false, false, true), turn(state("a", "s", "i", "r")));
    }

    @Test
    void newRulesReadTheIndexToo() {
        assertEquals(new GitTurn(GitTurn.Edits.KEEP, true, false, false), turn(state("a", "", "j", "q")));
        assertEquals(new GitTurn(GitTurn.Edits.KEEP, false, false, false), turn(BEFORE));
    }
}
