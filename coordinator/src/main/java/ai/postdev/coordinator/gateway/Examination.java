package ai.postdev.coordinator.gateway;

import ai.postdev.coordinator.gateway.Directory.KnownProject;
import ai.postdev.v1.DoctorAnswer;
import ai.postdev.v1.Finding;
import ai.postdev.v1.ProjectStatus;
import java.util.ArrayList;
import java.util.List;

/** The findings of a doctor's visit. Pure. */
final class Examination {
    private Examination() {}

    static List<Finding> join(List<Finding> left, List<Finding> right) {
        List<Finding> both = new ArrayList<>(left);
        both.addAll(right);
        return both;
    }

    static Finding rescanned(KnownProject project, Integer changed, Throwable thrown) {
        Finding.Builder finding = Finding.newBuilder().setCheck("rescan " + project.name());
        return thrown == null
                ? finding.setLevel("ok")
                        .setFound(changed + " differences between disk and memory mended")
                        .build()
                : finding.setLevel("error")
                        .setFound(Faults.of(thrown).getMessage())
                        .setAdvice("see that " + project.root() + " exists and can be read")
                        .build();
    }

    static DoctorAnswer answer(List<Finding> findings, StatusReport report) {
        DoctorAnswer.Builder answer = DoctorAnswer.newBuilder().addAllFindings(findings);
        report.projects().forEach(project -> answer.addFindings(of(project)));
        boolean healthy = answer.getFindingsList().stream()
                .noneMatch(finding -> finding.getLevel().equals("error"));
        return answer.setHealthy(healthy).build();
    }

    private static Finding of(ProjectStatus project) {
        Finding.Builder finding = Finding.newBuilder().setCheck("project " + project.getName());
        if (!project.getProblem().isEmpty()) {
            return finding.setLevel("error")
                    .setFound(project.getProblem())
                    .setAdvice("postdevai doctor --repair reads the folder again; postdevai forget " + project.getName()
                            + " removes it from the memory")
                    .build();
        }
        if (!project.getIndexed()) {
            return finding.setLevel("warning")
                    .setFound("not yet searchable in full: " + project.getFiles() + " files so far, "
                            + (project.getState().isEmpty() ? "state unknown" : project.getState()))
                    .setAdvice("wait, or see: postdevai status")
                    .build();
        }
        return finding.setLevel("ok")
                .setFound(project.getFiles() + " files, " + project.getEmbedded() + " of " + project.getChunks()
                        + " chunks embedded")
                .build();
    }
}
