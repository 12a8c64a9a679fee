import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { FileInput } from '../../components/file-input.tsx';
import { formatNumber } from '../../lib/format.ts';

export interface ChosenFile {
  readonly file: File;
  readonly text: string;
}
interface FilePickerProps {
  readonly files: readonly ChosenFile[];
  readonly onChange: (files: readonly ChosenFile[]) => void;
  readonly mostFiles: number;
  readonly mostBytes: number;
}
const known = /\.(bpmn|dmn|form|xml|json)$/i;

export function FilePicker({ files, onChange, mostFiles, mostBytes }: FilePickerProps): ReactNode {
  const { t, i18n } = useTranslation();
  const [refused, setRefused] = useState<readonly string[]>([]);
  const [over, setOver] = useState(false);
  async function add(list: FileList | null): Promise<void> {
    const chosen = [...(list ?? [])];
    const usable = chosen.filter((file) => known.test(file.name) && file.size <= mostBytes);
    setRefused(chosen.filter((file) => !usable.includes(file)).map((file) => file.name));
    const read = await Promise.all(usable.map(async (file) => ({ file, text: await file.text() })));
    const names = new Set(read.map((entry) => entry.file.name));
    const next = [...files.filter((entry) => !names.has(entry.file.name)), ...read];
    if (read.length > 0) onChange(next.slice(0, mostFiles));
  }
  return (
    <section className="card" aria-label={t('publish.files')}>
      <div className="card-body stack">
        <div
          className={over ? 'drop-zone over' : 'drop-zone'}
          onDragOver={(event) => {
            event.preventDefault();
            setOver(true);
          }}
          onDragLeave={() => setOver(false)}
          onDrop={(event) => {
            event.preventDefault();
            setOver(false);
            void add(event.dataTransfer.files);
          }}
        >
          <FileInput
            label={t('publish.choose')}
            hint={t('publish.chooseHint', {
              files: mostFiles,
              size: formatNumber(mostBytes / 1_048_576, i18n.language),
            })}
            buttonText={t('common.chooseFiles')}
            accept=".bpmn,.dmn,.form,.xml,.json"
            multiple
            onFiles={(list) => void add(list)}
          />
        </div>
        {refused.length === 0 ? null : (
          <p className="field-error" role="alert">
            {t('publish.ignored', { names: refused.join(', ') })}
          </p>
        )}
        {files.length === 0 ? null : (
          <ul className="file-list">
            {files.map(({ file }) => (
              <li key={file.name}>
                <span>{file.name}</span>
                <button
                  type="button"
                  className="button plain"
                  onClick={() => onChange(files.filter((entry) => entry.file !== file))}
                  aria-label={t('publish.remove', { name: file.name })}
                >
                  {t('publish.removeShort')}
                </button>
              </li>
            ))}
          </ul>
        )}
      </div>
    </section>
  );
}
