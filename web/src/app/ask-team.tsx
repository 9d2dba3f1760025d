import { Button, Group, Modal, Select } from '@mantine/core';
import { useNavigate, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { closePanel } from '../platform/panel.tsx';
import { useJoinedSpaces } from '../features/spaces/spaces.queries.ts';

export function useAskTeam() {
  const [question, setQuestion] = useState<string | null>(null);
  return { question, ask: (asked: string) => setQuestion(asked), close: () => setQuestion(null) };
}

/** Chooses the space in which a question is put to the team, as the draft of a FAQ. */
export function AskTeam({ question, close }: ReturnType<typeof useAskTeam>) {
  const navigate = useNavigate();
  const spaces = useJoinedSpaces().data ?? [];
  const { spaceId: here } = useParams({ strict: false });
  const [chosen, setChosen] = useState<string | null>(null);
  const spaceId = chosen ?? spaces.find((space) => space.id === here)?.id ?? spaces[0]?.id ?? null;
  const go = () => {
    if (!spaceId || !question) return;
    close();
    closePanel();
    void navigate({
      to: '/s/$spaceId/new',
      params: { spaceId },
      search: { kind: 'faq', title: question.slice(0, 200) },
    });
  };
  return (
    <Modal opened={question !== null} onClose={close} title="Ask the team">
      <Select
        label="Space"
        description="Its members see the question and can write the answer"
        data-autofocus
        allowDeselect={false}
        data={spaces.map((space) => ({ value: space.id, label: space.name }))}
        value={spaceId}
        onChange={setChosen}
        nothingFoundMessage="Join or create a space first"
        error={spaces.length === 0 ? 'Join or create a space first' : undefined}
      />
      <Group justify="flex-end" gap={8} mt={16}>
        <Button variant="default" onClick={close}>
          Cancel
        </Button>
        <Button onClick={go} disabled={!spaceId}>
          Draft the question
        </Button>
      </Group>
    </Modal>
  );
}
