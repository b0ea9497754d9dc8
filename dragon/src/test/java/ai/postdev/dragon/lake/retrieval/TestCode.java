package ai.postdev.dragon.lake.retrieval;

import ai.postdev.actors.code.Language;
import ai.postdev.actors.op.Body;
import ai.postdev.actors.op.ContentHash;
import ai.postdev.actors.op.HybridTime;
import ai.postdev.actors.op.Operation;
import ai.postdev.actors.op.Origin;
import ai.postdev.actors.op.ProjectId;
import ai.postdev.actors.op.WorkspaceId;
import ai.postdev.dragon.lake.code.CodeEngine;
import ai.postdev.dragon.lake.code.CodeSettings;
import ai.postdev.dragon.lake.code.CodeView;
import ai.postdev.dragon.lake.syntax.Syntax;
import ai.postdev.dragon.lake.text.TextIndex;
import com.typesafe.config.Config;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/** The code engine and the text index as a lake drives them, one document at a time. */
final class TestCode {
    static final WorkspaceId WORKSPACE = new WorkspaceId("w");

    private final CodeEngine engine;
    private final TextIndex index;
    private long sequence;
    private long millis;

    TestCode(Config config, TextIndex index) {
        this.engine = new CodeEngine(CodeSettings.from(config), _ -> Optional.empty());
        this.index = index;
    }

    CodeView view() {
        return engine.view();
    }

    /** From now on it is this time, in milliseconds since the epoch. */
    void at(long time) {
        millis = time;
    }

    /** The path now holds this text. */
    void put(String path, String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        ContentHash hash = ContentHash.of(utf8);
        Body.PutDocument put =
                new Body.PutDocument(WORKSPACE, path, hash, utf8.length, Language.ofPath(path), 0, utf8.length);
        fold(put, Map.of(hash, utf8));
    }

    /** The path holds nothing any more. */
    void remove(String path) {
        fold(new Body.RemoveDocument(WORKSPACE, path), Map.of());
    }

    private void fold(Body body, Map<ContentHash, byte[]> fresh) {
        sequence++;
        Operation operation =
                new Operation(new ProjectId("p"), new Origin("o"), sequence, HybridTime.of(millis + sequence, 0), body);
        switch (engine.fold(operation, fresh).orElseThrow()) {
            case CodeEngine.Change.Put(var document, boolean first) -> {
                byte[] text = engine.text(document.hash()).orElseThrow();
                if (first) {
                    index.documentFirstPut(document, text);
                } else {
                    index.documentPut(document, text);
                }
            }
            case CodeEngine.Change.Removed(var document) -> index.documentRemoved(document);
        }
        index.refresh(sequence);
    }

    /** The parser has found this in the text that the path holds. */
    void parsed(String path, Syntax syntax) {
        engine.attachSyntax(
                engine.view().document(WORKSPACE, path).orElseThrow().hash(), syntax);
    }
}
