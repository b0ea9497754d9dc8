package ai.postdev.coordinator.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.postdev.actors.op.ProjectId;
import ai.postdev.coordinator.gateway.Directory.KnownProject;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ProjectSelectorTest {
    private static final ProjectId ONE = new ProjectId("aaaa1111");
    private static final ProjectId OTHER = new ProjectId("bbbb2222");

    private final ProjectSelector selector = new ProjectSelector(List.of(
            new KnownProject(ONE, "lang", "/code/lang", "n"),
            new KnownProject(ONE, "lang", "/code/lang-fix", "n"),
            new KnownProject(OTHER, "web", "/code/web", "n"),
            new KnownProject(OTHER, "web", "/other/lang-old", "n")));

    @Test
    void findsByIdPrefixNameFolderAndPath() {
        for (String meant : List.of("aaaa1111", "aaaa", "lang", "lang-fix", "/code/lang", "/code/lang-fix/")) {
            assertEquals(Set.of(ONE), selector.resolve(meant).keySet(), meant);
        }
        assertEquals(Set.of(OTHER), selector.resolve("lang-old").keySet());
        assertEquals(Set.of(ONE, OTHER), selector.resolve("").keySet());
    }

    @Test
    void refusesWhatMeansNothingOrSeveral() {
        DoorFault none = assertThrows(DoorFault.class, () -> selector.resolve("aaa"));
        assertTrue(none.getMessage().contains("remembered are: lang"), none.getMessage());
        ProjectSelector twins = new ProjectSelector(
                List.of(new KnownProject(ONE, "one", "/a/same", "n"), new KnownProject(OTHER, "two", "/b/same", "n")));
        assertTrue(assertThrows(DoorFault.class, () -> twins.resolve("same"))
                .getMessage()
                .contains("several"));
    }
}
