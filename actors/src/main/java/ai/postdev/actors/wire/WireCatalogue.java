package ai.postdev.actors.wire;

import ai.postdev.actors.code.Language;
import ai.postdev.actors.op.Body;
import ai.postdev.actors.op.ContentHash;
import ai.postdev.actors.op.HybridTime;
import ai.postdev.actors.op.NodeKey;
import ai.postdev.actors.op.Operation;
import ai.postdev.actors.op.Origin;
import ai.postdev.actors.op.ProjectId;
import ai.postdev.actors.op.VersionVector;
import ai.postdev.actors.op.WorkspaceId;
import ai.postdev.actors.protocol.ClusterFacts;
import ai.postdev.actors.protocol.LakeProtocol;
import ai.postdev.actors.protocol.Reply;
import ai.postdev.v1.AsOf;
import ai.postdev.v1.ContextAnswer;
import ai.postdev.v1.ContextItem;
import ai.postdev.v1.ContextRequest;
import ai.postdev.v1.Event;
import ai.postdev.v1.FileVersion;
import ai.postdev.v1.Hit;
import ai.postdev.v1.LakeStatus;
import ai.postdev.v1.ProjectStatus;
import ai.postdev.v1.RecallAnswer;
import ai.postdev.v1.RecallRequest;
import ai.postdev.v1.RelatedAnswer;
import ai.postdev.v1.RelatedRequest;
import ai.postdev.v1.Relation;
import ai.postdev.v1.SearchAnswer;
import ai.postdev.v1.SearchRequest;
import ai.postdev.v1.ShowAnswer;
import ai.postdev.v1.ShowRequest;
import ai.postdev.v1.SkippedReason;
import ai.postdev.v1.TimelineAnswer;
import ai.postdev.v1.TimelineRequest;
import ai.postdev.v1.VersionsAnswer;
import ai.postdev.v1.VersionsRequest;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Every class that may travel between nodes, with its number and name on the wire. Numbers and names are never reused or
 * changed: nodes of two versions must understand each other. New entries go to the end of their group.
 */
final class WireCatalogue {
    /** A class and how it is called on the wire. */
    record Entry(int id, String name, Class<?> type) {}

    private final Map<Class<?>, Entry> byType = new LinkedHashMap<>();
    private final Map<String, Entry> byName = new LinkedHashMap<>();
    private final Map<Integer, Entry> byId = new LinkedHashMap<>();

    WireCatalogue() {
        // Below 20 are Kryo's own (primitives, strings) and the containers of WireKryo.
        add(20, "Answered", Reply.Answered.class);
        add(21, "Refused", Reply.Refused.class);
        add(22, "Reason", Reply.Reason.class);

        add(30, "Origin", Origin.class);
        add(31, "ProjectId", ProjectId.class);
        add(32, "WorkspaceId", WorkspaceId.class);
        add(33, "ContentHash", ContentHash.class);
        add(34, "HybridTime", HybridTime.class);
        add(35, "VersionVector", VersionVector.class);
        add(36, "NodeKey", NodeKey.class);
        add(37, "Operation", Operation.class);
        add(38, "Language", Language.class);

        add(40, "PutDocument", Body.PutDocument.class);
        add(41, "RemoveDocument", Body.RemoveDocument.class);
        add(42, "AppendEvent", Body.AppendEvent.class);
        add(43, "PutNode", Body.PutNode.class);
        add(44, "RemoveNode", Body.RemoveNode.class);
        add(45, "PutEdge", Body.PutEdge.class);
        add(46, "RemoveEdge", Body.RemoveEdge.class);
        add(47, "PutEmbedding", Body.PutEmbedding.class);
        add(48, "SetSetting", Body.SetSetting.class);
        add(49, "PinEvent", Body.PinEvent.class);
        add(50, "DropEvents", Body.DropEvents.class);

        add(60, "lake.Append", LakeProtocol.Append.class);
        add(61, "lake.Manifest", LakeProtocol.Manifest.class);
        add(62, "lake.Setting", LakeProtocol.Setting.class);
        add(63, "lake.MissingCommits", LakeProtocol.MissingCommits.class);
        add(64, "lake.Search", LakeProtocol.Search.class);
        add(65, "lake.Recall", LakeProtocol.Recall.class);
        add(66, "lake.Related", LakeProtocol.Related.class);
        add(67, "lake.Show", LakeProtocol.Show.class);
        add(68, "lake.Timeline", LakeProtocol.Timeline.class);
        add(69, "lake.Status", LakeProtocol.Status.class);
        add(70, "lake.Unembedded", LakeProtocol.Unembedded.class);
        add(71, "lake.Forget", LakeProtocol.Forget.class);
        add(72, "lake.Passivate", LakeProtocol.Passivate.class);
        add(73, "lake.Blob", LakeProtocol.Blob.class);
        add(74, "lake.Appended", LakeProtocol.Appended.class);
        add(75, "lake.ManifestPage", LakeProtocol.ManifestPage.class);
        add(76, "lake.ManifestEntry", LakeProtocol.ManifestEntry.class);
        add(77, "lake.LakeState", LakeProtocol.LakeState.class);
        add(78, "lake.Chunks", LakeProtocol.Chunks.class);
        add(79, "lake.ChunkText", LakeProtocol.ChunkText.class);
        add(80, "lake.Forgotten", LakeProtocol.Forgotten.class);
        add(81, "lake.Open", LakeProtocol.Open.class);
        add(82, "lake.SearchTree", LakeProtocol.SearchTree.class);
        add(83, "lake.PutTree", LakeProtocol.PutTree.class);
        add(84, "lake.TreeId", LakeProtocol.TreeId.class);
        add(85, "lake.Context", LakeProtocol.Context.class);
        add(86, "lake.Versions", LakeProtocol.Versions.class);
        add(87, "lake.FindEvent", LakeProtocol.FindEvent.class);

        add(120, "facts.NodeFacts", ClusterFacts.NodeFacts.class);
        add(121, "facts.HeldProject", ClusterFacts.HeldProject.class);
        add(122, "facts.Checkout", ClusterFacts.Checkout.class);

        add(200, "v1.SearchRequest", SearchRequest.class);
        add(201, "v1.SearchAnswer", SearchAnswer.class);
        add(202, "v1.RecallRequest", RecallRequest.class);
        add(203, "v1.RecallAnswer", RecallAnswer.class);
        add(204, "v1.RelatedRequest", RelatedRequest.class);
        add(205, "v1.RelatedAnswer", RelatedAnswer.class);
        add(206, "v1.ShowRequest", ShowRequest.class);
        add(207, "v1.ShowAnswer", ShowAnswer.class);
        add(208, "v1.TimelineRequest", TimelineRequest.class);
        add(209, "v1.TimelineAnswer", TimelineAnswer.class);
        add(210, "v1.LakeStatus", LakeStatus.class);
        add(211, "v1.ProjectStatus", ProjectStatus.class);
        add(212, "v1.SkippedReason", SkippedReason.class);
        add(213, "v1.Hit", Hit.class);
        add(214, "v1.Event", Event.class);
        add(215, "v1.Relation", Relation.class);
        add(216, "v1.AsOf", AsOf.class);
        add(217, "v1.ContextRequest", ContextRequest.class);
        add(218, "v1.ContextAnswer", ContextAnswer.class);
        add(219, "v1.ContextItem", ContextItem.class);
        add(220, "v1.VersionsRequest", VersionsRequest.class);
        add(221, "v1.VersionsAnswer", VersionsAnswer.class);
        add(222, "v1.FileVersion", FileVersion.class);
    }

    private void add(int id, String name, Class<?> type) {
        Entry entry = new Entry(id, name, type);
        if (byId.put(id, entry) != null || byName.put(name, entry) != null || byType.put(type, entry) != null) {
            throw new IllegalStateException("the wire catalogue has two entries of " + entry);
        }
    }

    Collection<Entry> entries() {
        return byId.values();
    }

    Optional<Entry> ofType(Class<?> type) {
        return Optional.ofNullable(byType.get(type));
    }

    Optional<Entry> ofName(String name) {
        return Optional.ofNullable(byName.get(name));
    }
}
