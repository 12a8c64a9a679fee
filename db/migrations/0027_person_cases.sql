-- The proposals of a person, by the records that he has.
create index proposal_subject on proposal (subject_key);
