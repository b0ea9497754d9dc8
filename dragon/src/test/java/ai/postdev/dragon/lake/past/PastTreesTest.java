package ai.postdev.dragon.lake.past;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.postdev.actors.code.Language;
import ai.postdev.actors.op.Body;
import ai.postdev.actors.op.ContentHash;
import ai.postdev.actors.op.HybridTime;
import ai.postdev.actors.op.Operation;
import ai.postdev.actors.op.Origin;
import ai.postdev.actors.op.ProjectId;
import ai.postdev.actors.op.WorkspaceId;
import ai.postdev.actors.protocol.LakeProtocol.Blob;
import ai.postdev.actors.protocol.LakeProtocol.PutTree;
import ai.postdev.actors.protocol.LakeProtocol.TreeId;
import ai.postdev.actors.protocol.Reply;
import ai.postdev.dragon.lake.code.CodeEngine;
import ai.postdev.dragon.lake.code.CodeSettings;
import ai.postdev.dragon.lake.code.CodeView;
import ai.postdev.dragon.lake.syntax.SyntaxSettings;
import ai.postdev.dragon.lake.syntax.TreeSitterSyntax;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The bounds of the room for past commits, and what is held in it. */
class PastTreesTest {
    private static final ProjectId PROJECT = new ProjectId("p");
    private static final WorkspaceId WORKSPACE = new WorkspaceId("w");
    private static final Config CONFIG = ConfigFactory.load();

    private final TreeSitterSyntax syntax = new TreeSitterSyntax(SyntaxSettings.from(CONFIG));
    private final CodeEngine lake = new CodeEngine(CodeSettings.from(CONFIG), _ -> Optional.empty());

    @AfterEach
    void close() {
        syntax.close();
    }

    private PastTrees room(int trees, long bytes, int files) {
        return new PastTrees(new PastSettings(trees, bytes, files), CodeSettings.from(CONFIG), syntax);
    }

    private static TreeId id(String commit) {
        return new TreeId(WORKSPACE, commit, 1_000, 1);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static Body.PutDocument document(String path, String text) {
        return new Body.PutDocument(
                WORKSPACE,
                path,
                ContentHash.of(text),
                bytes(text).length,
                Language.ofPath(path),
                1_000,
                bytes(text).length);
    }

    private Reply<Integer> put(PastTrees room, TreeId id, int part, boolean last, Map<String, String> files) {
        List<Body.PutDocument> documents = new ArrayList<>();
        List<Blob> blobs = new ArrayList<>();
        files.forEach((path, text) -> {
            documents.add(document(path, text));
            blobs.add(new Blob(ContentHash.of(text), bytes(text)));
        });
        return room.put(PROJECT, lake.view(), new PutTree(id, part, last, documents, blobs, null));
    }

    private static String text(CodeView view, String path) {
        return view.document(WORKSPACE, path)
                .flatMap(document -> view.text(document.hash()))
                .map(found -> new String(found, StandardCharsets.UTF_8))
                .orElse("");
    }

    @Test
    void aTreeIsHeldWhenItsLastPartHasCome() {
        PastTrees room = room(2, 1_000, 10);
        assertEquals(new Reply.Answered<>(1), put(room, id("c"), 0, false, Map.of("a.txt", "one")));
        assertTrue(room.held(id("c")).isEmpty());
        assertEquals(new Reply.Answered<>(2), put(room, id("c"), 1, true, Map.of("b.txt", "two")));
        CodeView view = room.held(id("c")).orElseThrow().view();
        assertEquals("one", text(view, "a.txt"));
        assertEquals("two", text(view, "b.txt"));
        assertEquals(2, view.documents().size());
    }

    @Test
    void aTreeReadByOtherRulesIsAnotherTree() {
        PastTrees room = room(2, 1_000, 10);
        put(room, id("c"), 0, true, Map.of("a.txt", "one"));
        assertTrue(room.held(new TreeId(WORKSPACE, "c", 1_000, 2)).isEmpty());
        assertTrue(room.held(new TreeId(new WorkspaceId("v"), "c", 1_000, 1)).isEmpty());
    }

    @Test
    void theTreeAskedAboutLongestAgoMakesRoom() {
        PastTrees room = room(2, 1_000, 10);
        put(room, id("c1"), 0, true, Map.of("a.txt", "one"));
        put(room, id("c2"), 0, true, Map.of("a.txt", "two"));
        room.held(id("c1"));
        put(room, id("c3"), 0, true, Map.of("a.txt", "three"));
        assertEquals(List.of("c1", "c3"), room.commits());
    }

    @Test
    void textThatIsNotThereTodayIsBoundedOverAllTrees() {
        PastTrees room = room(10, 10, 10);
        put(room, id("c1"), 0, true, Map.of("a.txt", "123456"));
        put(room, id("c2"), 0, true, Map.of("a.txt", "abcdef"));
        assertEquals(List.of("c2"), room.commits());
        Reply<Integer> beyond = put(room, id("c3"), 0, true, Map.of("a.txt", "12345678901"));
        Reply.Refused<Integer> refused = assertInstanceOf(Reply.Refused.class, beyond);
        assertTrue(refused.message().contains("postdevai.lake.past.text-bytes-max"), refused.message());
        assertEquals(List.of("c2"), room.commits(), "nothing of a refused tree stays, and it takes nobody's room");
    }

    @Test
    void textThatIsThereTodayIsNotHeldTwice() {
        String today = "0123456789012345";
        lake.fold(
                new Operation(PROJECT, new Origin("o"), 1, HybridTime.of(2_000, 0), document("now.txt", today)),
                Map.of(ContentHash.of(today), bytes(today)));
        PastTrees room = room(2, 4, 10);
        assertEquals(new Reply.Answered<>(1), put(room, id("c"), 0, true, Map.of("then.txt", today)));
        assertEquals(today, text(room.held(id("c")).orElseThrow().view(), "then.txt"));
    }

    @Test
    void moreFilesThanTheBoundAreRefused() {
        PastTrees room = room(2, 1_000, 1);
        put(room, id("c"), 0, false, Map.of("a.txt", "one"));
        Reply.Refused<Integer> refused =
                assertInstanceOf(Reply.Refused.class, put(room, id("c"), 1, true, Map.of("b.txt", "two")));
        assertTrue(refused.message().contains("postdevai.lake.past.files-max"), refused.message());
        assertTrue(room.held(id("c")).isEmpty());
    }

    @Test
    void aPartWithoutTheOneBeforeIsRefused() {
        PastTrees room = room(1, 1_000, 10);
        put(room, id("c1"), 0, false, Map.of("a.txt", "one"));
        put(room, id("c2"), 0, true, Map.of("a.txt", "two"));
        Reply.Refused<Integer> refused =
                assertInstanceOf(Reply.Refused.class, put(room, id("c1"), 1, true, Map.of("b.txt", "more")));
        assertEquals(Reply.Reason.UNAVAILABLE, refused.reason());
    }

    @Test
    void definitionsAreFoundOnceParsedAndWhatIsLeftIsCounted() {
        PastTrees room = room(1, 1_000, 10);
        put(room, id("c"), 0, true, Map.of("A.java", "class Alpha {}", "B.java", "class Beta {}"));
        PastTree tree = room.held(id("c")).orElseThrow();
        assertEquals(2, tree.parse(System.nanoTime() - 1), "no time, nothing parsed");
        assertEquals(List.of(), tree.view().symbolsNamed("Alpha", 10));
        assertEquals(0, tree.parse(Long.MAX_VALUE / 2 + System.nanoTime()));
        assertEquals(1, tree.view().symbolsNamed("Alpha", 10).size());
        assertEquals(1, tree.view().symbolsNamed("Beta", 10).size());
    }
}
