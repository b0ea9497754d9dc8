package ai.postdev.dragon.lake;

import ai.postdev.actors.op.Origin;
import ai.postdev.actors.op.ProjectId;
import ai.postdev.actors.protocol.LakeProtocol;
import ai.postdev.dragon.lake.code.CodeSettings;
import ai.postdev.dragon.lake.code.CodeStore;
import ai.postdev.dragon.lake.journal.Durability;
import ai.postdev.dragon.lake.journal.Journal;
import ai.postdev.dragon.lake.journal.JournalSettings;
import ai.postdev.dragon.lake.journal.JournalWriter;
import ai.postdev.dragon.lake.past.PastSettings;
import ai.postdev.dragon.lake.past.PastTrees;
import ai.postdev.dragon.lake.syntax.SyntaxSource;
import ai.postdev.dragon.memory.Memory;
import ai.postdev.dragon.model.EmbedQueue;
import ai.postdev.dragon.model.QueryGate;
import com.typesafe.config.Config;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;

/**
 * What all lakes of one node share.
 *
 * @param files the journal, and the lakes that were read from it
 * @param reader answers reads
 * @param gate is held while a write or a query is under way, so that embedding steps aside
 * @param scans runs scans of texts within one read; the reading thread takes part
 * @param observer is told which lakes are open here
 */
public record LakeRoom(
        Origin origin,
        LakeFiles files,
        ActorRef<JournalWriter.Command> journalWriter,
        ActorRef<EmbedQueue.Command> embedQueue,
        SyntaxSource syntax,
        LakeReader reader,
        QueryGate gate,
        ReadPool reads,
        Executor scans,
        LakeSettings settings,
        Observer observer) {
    /** Is told which lakes are open on this node and what they are. Called on the lakes' threads. */
    public interface Observer {
        /**
         * The lake of {@code project} is open, or what it says of its workspaces has changed.
         *
         * @param settings the lake's settings, among them {@code workspace/ID/root} and {@code workspace/ID/name}
         */
        void described(ProjectId project, ActorRef<LakeProtocol.Command> lake, Map<String, String> settings);

        /** The lake of {@code project} no longer answers here. */
        void closed(ProjectId project);

        /** The project is gone for good. */
        void forgotten(ProjectId project);
    }

    Journal journal() {
        return files.journal();
    }

    Memory memory() {
        return files.memory();
    }

    Config config() {
        return files.config();
    }

    /** Time a journal write may take before the lake takes it for lost; longer than any disk stalls in good health. */
    Duration journalTimeout() {
        return Duration.ofSeconds(60);
    }

    /** The code store of a lake that was just opened. */
    Behavior<CodeStore.Command> codeStore(ProjectId project, OpenLake lake) {
        return CodeStore.create(
                CodeSettings.from(config()),
                lake::code,
                List.of(lake.text(), new ChunkBell(project, embedQueue)),
                syntax,
                new JournalDerived(journal()),
                gate);
    }

    /** Room for the trees of past commits that one lake is asked about. */
    PastTrees pastTrees() {
        return new PastTrees(PastSettings.from(config()), CodeSettings.from(config()), syntax);
    }

    /** What the settings say a write must survive. */
    Durability durability() {
        return JournalSettings.from(config()).durability();
    }

    Path folder(ProjectId project) {
        return files.folder(project);
    }
}
